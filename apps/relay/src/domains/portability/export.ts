import type { Blobs } from '../../platform/blobs.ts'
import type { Database } from '../../platform/database.ts'
import { exported, findAccount, messagesAfter, pageOf, type Exported } from './export-store.ts'

/** About so much is read, and handed on, at once. */
const pieceBytes = 256 * 1024
const mostRows = 200
/** Columns that say only what every line would, or what nobody but the relay can use. */
const left = new Set(['account_id', 'sealed'])
const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
type Line = Readonly<Record<string, unknown>>
const lineOf = (type: string, row: Line): Line => ({
  type,
  ...Object.fromEntries(Object.entries(row).flatMap(([name, value]) => (left.has(name) ? [] : [[camel(name), value]]))),
})

/**
 * Everything the relay keeps for an account as lines of JSON, in pieces: the account first, each session before its messages, each attachment before its bytes (`attachmentBytes`, base64, in
 * order). Each record is as it was when it was read. The last line is `{"type":"end","lines":n}`; a download without it was cut. Tokens of vendors are named, not told.
 */
export async function* exportAccount(database: Database, blobs: Blobs | undefined, accountId: string): AsyncGenerator<Uint8Array, void> {
  let lines = 0
  let waiting: string[] = []
  let weight = 0
  for await (const line of linesOf(database, blobs, accountId)) {
    const text = `${JSON.stringify(line)}\n`
    lines++
    weight += text.length
    waiting.push(text)
    if (weight < pieceBytes) continue
    yield Buffer.from(waiting.join(''))
    waiting = []
    weight = 0
  }
  yield Buffer.from(`${waiting.join('')}${JSON.stringify({ type: 'end', lines })}\n`)
}
async function* linesOf(database: Database, blobs: Blobs | undefined, accountId: string): AsyncGenerator<Line, void> {
  const account = await findAccount(database.queries, accountId)
  if (account) yield lineOf('account', account)
  for (const kind of exported)
    for await (const row of rowsOf(database, kind, accountId)) {
      yield lineOf(kind.type, row)
      if (kind.type === 'session') yield* messagesOf(database, String(row['id']))
      if (kind.type === 'attachment' && typeof row['key'] === 'string') yield* bytesOf(blobs, String(row['ref']), row['key'])
    }
}
/** Reads few rows at a time where they are large, many where they are small. */
async function* rowsOf({ queries }: Database, kind: Exported, accountId: string): AsyncGenerator<Line, void> {
  let limit = 4
  for (let after: Line | undefined; ;) {
    const rows = await pageOf(queries, kind, accountId, after, limit)
    yield* rows
    after = rows.at(-1)
    if (after === undefined || rows.length < limit) return
    const each =
      rows.reduce((sum, row) => sum + Object.values(row).reduce<number>((of, value) => of + (typeof value === 'string' ? value.length : 8), 0), 0) /
      rows.length
    limit = Math.max(1, Math.min(mostRows, limit * 4, Math.floor((4 * pieceBytes) / each)))
  }
}
async function* messagesOf({ queries }: Database, sessionId: string): AsyncGenerator<Line, void> {
  for (let after = 0; ;) {
    const rows = await messagesAfter(queries, sessionId, after, mostRows, 4 * pieceBytes)
    for (const row of rows) yield lineOf('message', row)
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.seq
  }
}
async function* bytesOf(blobs: Blobs | undefined, ref: string, key: string): AsyncGenerator<Line, void> {
  const blob = await blobs?.get(key)
  if (!blob) return
  for await (const chunk of blob.body) yield { type: 'attachmentBytes', ref, base64: Buffer.from(chunk).toString('base64') }
}
