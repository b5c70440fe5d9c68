import type { Update } from '@steward/testkit/relay'
import { until } from '@steward/testkit'
import type { Field } from './field.ts'
import { pair } from './clients/values.ts'
import { differences, type History } from './history.ts'
import type { Ledger } from './ledger.ts'

interface Message {
  readonly id: string
  readonly seq: number
  readonly localId: string | null
  readonly content: { readonly c: string }
}
interface Session {
  readonly id: string
  readonly seq: number
  readonly metadata: string
  readonly metadataVersion: number
  readonly agentState: string | null
  readonly agentStateVersion: number
}
type OfOne = { readonly sessionId: string; readonly history: History }
const fields = ['metadata', 'agentState'] as const

/** The whole log of the account; its numbers must have no gaps. */
async function readLog({ ask, tally }: Field): Promise<Update[]> {
  const log: Update[] = []
  for (let hasMore = true; hasMore;) {
    const { body } = await ask<{ changes: Update[]; hasMore: boolean }>('GET', `/v1/changes?since=${log.length}&limit=500`)
    log.push(...body.changes)
    hasMore = body.hasMore
  }
  const hole = log.findIndex(({ seq }, at) => seq !== at + 1)
  if (hole >= 0) tally.broken(`The log has ${log[hole]?.seq} at place ${hole + 1}.`)
  return log
}
async function readMessages({ ask }: Field, sessionId: string): Promise<Message[]> {
  const messages: Message[] = []
  for (let hasMore = true; hasMore;) {
    const path = `/v3/sessions/${sessionId}/messages?limit=500&after_seq=${messages.at(-1)?.seq ?? 0}`
    const { body } = await ask<{ messages: Message[]; hasMore: boolean }>('GET', path)
    messages.push(...body.messages)
    hasMore = body.hasMore
  }
  return messages
}
async function readSessions({ ask }: Field): Promise<Session[]> {
  const sessions: Session[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body }: { body: { sessions: Session[]; nextCursor: string | null } } = await ask(
      'GET',
      `/v2/sessions?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`,
    )
    sessions.push(...body.sessions)
    cursor = body.nextCursor
  }
  return sessions
}
/** What is acknowledged is there once, what is there once has one number, and whoever sent one after the other has them in that order. */
function checkMessages({ tally }: Field, { sent }: Ledger, sessionId: string, messages: readonly Message[], told: readonly Update[]): void {
  const wrong = (what: string) => tally.broken(`Session ${sessionId}: ${what}`)
  const hole = messages.findIndex(({ seq }, at) => seq !== at + 1)
  if (hole >= 0) wrong(`message ${messages[hole]?.seq} stands at place ${hole + 1}.`)
  const byLocalId = Map.groupBy(messages, ({ localId }) => localId)
  const lastOf = new Map<string, number>()
  const mine = sent.filter((one) => one.sessionId === sessionId)
  for (const { localId, id, seq, content, writer } of mine) {
    const [there, double] = byLocalId.get(localId) ?? []
    if (there === undefined) wrong(`${localId} was acknowledged and is lost.`)
    else if (double !== undefined) wrong(`${localId} is there twice.`)
    else if (there.id !== id || there.seq !== seq || there.content.c !== content) wrong(`${localId} was acknowledged as ${seq} and is ${there.seq}.`)
    if (seq <= (lastOf.get(writer) ?? 0)) wrong(`${localId} of ${writer} stands before what was sent before it.`)
    lastOf.set(writer, seq)
  }
  if (messages.length !== mine.length) wrong(`it has ${messages.length} messages, of which ${mine.length} were acknowledged.`)
  const inLog = told.flatMap(({ body }) => (body.t === 'new-message' ? [(body['message'] as Message).id] : []))
  if (inLog.join() !== messages.map(({ id }) => id).join()) wrong('the log tells of other messages than are there.')
}
/** Every version is in the log once, without holes; what was acknowledged is one of them. */
function checkVersions({ tally }: Field, { set }: Ledger, session: Session, told: readonly Update[]): void {
  for (const field of fields) {
    const history = told.flatMap(({ body }) =>
      body.t === 'update-session' ? ((body[field] as { value: string; version: number } | undefined) ?? []) : [],
    )
    const wrong = (what: string) => tally.broken(`${field} of session ${session.id}: ${what}`)
    const hole = history.findIndex(({ version }, at) => version !== at + 1)
    if (hole >= 0) wrong(`version ${history[hole]?.version} stands at place ${hole + 1}.`)
    const last = history.at(-1)
    if ((last?.version ?? 0) !== session[`${field}Version`] || (last !== undefined && last.value !== session[field]))
      wrong(`it is ${session[field]} of version ${session[`${field}Version`]}, and the log ends with ${last?.value} of ${last?.version}.`)
    for (const { value, version } of set.filter((one) => one.sessionId === session.id && one.field === field)) {
      const times = history.filter((one) => one.value === value)
      if (times.length !== 1 || times[0]?.version !== version) wrong(`${value} was acknowledged as ${version} and is there ${times.length} times.`)
    }
  }
}
/** The pair of keys was always set together, to each acknowledged value once. */
async function checkValues({ ask, tally }: Field, { kept }: Ledger, log: readonly Update[]): Promise<void> {
  interface Change {
    readonly key: string
    readonly value: string
    readonly version: number
  }
  const history = log.flatMap(({ body }) => (body.t === 'kv-batch-update' ? [body['changes'] as Change[]] : []))
  for (const [at, changes] of history.entries())
    if (changes.length !== pair.length || changes.some(({ value, version }) => version !== at || value !== changes[0]?.value))
      tally.broken(`The pair of keys was changed to ${JSON.stringify(changes)} at place ${at}.`)
  for (const { value, version } of kept) {
    const times = history.filter(([change]) => change?.value === value)
    if (times.length !== 1 || times[0]?.[0]?.version !== version)
      tally.broken(`A value was acknowledged as ${version} and is there ${times.length} times.`)
  }
  const { body } = await ask<{ values: Change[] }>('POST', '/v1/kv/bulk', { keys: pair })
  const [last] = history.at(-1) ?? []
  if (body.values.some(({ value, version }) => value !== last?.value || version !== last.version))
    tally.broken('The pair of keys is not what the log says.')
}
/** Compares what the clients of an account were promised and told with what a node answers now. */
export async function checkAccount(field: Field, ledger: Ledger, ofAll: readonly History[], ofOne: readonly OfOne[]): Promise<void> {
  const { tally } = field
  const log = await readLog(field)
  for (const history of ofAll) for (const what of differences(history, log)) tally.broken(what)
  await checkValues(field, ledger, log)
  const sessions = await readSessions(field)
  const alive = new Set<string>()
  for (const { body } of log) {
    if (body.t === 'new-session') alive.add(String(body['id']))
    if (body.t === 'delete-session' && !alive.delete(String(body['sid']))) tally.broken(`The log deletes ${String(body['sid'])}, which is not there.`)
  }
  const there = new Set(sessions.map(({ id }) => id))
  const odd = [...alive, ...there].filter((id) => !alive.has(id) || !there.has(id))
  if (odd.length > 0) tally.broken(`The log and the list differ in ${odd.join()}.`)
  for (const id of ledger.deleted) if (there.has(id)) tally.broken(`Session ${id} was deleted and is there.`)
  for (const { sessionId, history } of ofOne) {
    const told = log.filter(({ body }) => body['sid'] === sessionId || (body.t === 'update-session' && body['id'] === sessionId))
    await until(() => history.last() >= (told.at(-1)?.seq ?? 0), { timeoutMs: 10_000 }).catch(() => undefined)
    for (const what of differences(history, told)) tally.broken(what)
    const session = sessions.find(({ id }) => id === sessionId)
    if (session === undefined) tally.broken(`Session ${sessionId} is lost.`)
    else checkVersions(field, ledger, session, told)
    checkMessages(field, ledger, sessionId, await readMessages(field, sessionId), told)
  }
}
