import { createHash, createHmac } from 'node:crypto'
import { Fault, operation, type Contract } from '@steward/contract'
import { z } from 'zod'
import { createCall, type Authenticator, type Caller, type Feed, type FeedItem, type Handlers, type Ledger } from '../src/index.ts'

const Id = z.string().regex(/^note_\d+$/, 'must look like note_1')
const Note = z.object({ id: Id, text: z.string(), tags: z.array(z.string()), pinned: z.boolean() }).meta({ id: 'Note' })
type Note = z.infer<typeof Note>
const About = z.object({ id: Id, name: z.string(), mediaType: z.string(), size: z.int(), sha256: z.string() })
type About = z.infer<typeof About>
/** A small notebook: enough nouns to walk every kind of operation through every door. */
export const contract = {
  'notes.add': operation({
    summary: 'Write a note.',
    needs: 'notes:write',
    http: 'POST /v1/notes',
    status: 201,
    database: 'notes',
    input: z.strictObject({
      text: z.string().min(1).max(100_000),
      tags: z.array(z.string()).default([]),
      pinned: z.boolean().default(false),
      book: z.string().optional(),
    }),
    output: Note,
    lane: () => 'notes',
  }),
  'notes.get': operation({
    summary: 'Read a note.',
    needs: 'notes:read',
    http: 'GET /v1/notes/{id}',
    input: z.strictObject({ id: Id }),
    output: Note,
  }),
  'notes.list': operation({
    summary: 'List notes.',
    needs: 'notes:read',
    http: 'GET /v1/notes',
    input: z.strictObject({ limit: z.int().min(1).max(200).default(50), pinned: z.boolean().optional(), tags: z.array(z.string()).optional() }),
    output: z.object({ items: z.array(Note), nextCursor: z.string().nullable() }),
  }),
  'notes.edit': operation({
    summary: 'Change a note.',
    needs: 'notes:write',
    http: 'PATCH /v1/notes/{id}',
    database: 'notes',
    input: z.strictObject({ id: Id, text: z.string().min(1) }),
    output: Note,
    lane: () => 'notes',
  }),
  'notes.remove': operation({
    summary: 'Remove a note.',
    needs: 'notes:write',
    http: 'DELETE /v1/notes/{id}',
    status: 204,
    database: 'notes',
    input: z.strictObject({ id: Id }),
    output: z.null(),
    lane: () => 'notes',
  }),
  'notes.shuffle': operation({
    summary: 'Commits nothing.',
    needs: 'notes:write',
    http: 'POST /v1/shuffle',
    status: 202,
    input: z.strictObject({}),
    output: z.object({ done: z.boolean() }),
  }),
  'notes.break': operation({
    summary: 'Always fails inside.',
    needs: 'notes:read',
    http: 'GET /v1/break',
    input: z.strictObject({}),
    output: z.null(),
  }),
  'sheets.upload': operation({
    summary: 'Upload a sheet.',
    needs: 'notes:write',
    http: 'POST /v1/sheets',
    status: 201,
    database: 'notes',
    bytes: 'upload',
    input: z.strictObject({
      name: z.string().min(1).default('file'),
      mediaType: z.string().default('application/octet-stream'),
      noteId: Id.optional(),
    }),
    output: About,
  }),
  'sheets.download': operation({
    summary: 'Download a sheet.',
    needs: 'notes:read',
    http: 'GET /v1/sheets/{id}',
    bytes: 'download',
    input: z.strictObject({ id: Id }),
    output: About,
  }),
} satisfies Contract
type Commit = { commit(emit: () => { name: string; sessionId?: string; data: unknown }): void }

export const ownerToken = 'owner-token'
export const gatewayKey = 'gateway-key'
/** A notebook in memory behind the one door: log, feed, keys and credentials are real, only the disk is not. */
export function createNotebook() {
  const notes = new Map<string, Note>()
  const sheets = new Map<string, { about: About; bytes: Buffer }>()
  const log: { item: FeedItem & { kind: 'event' }; sessionId: string | undefined }[] = []
  const keys = new Map<string, { digest: string; answer: unknown }>()
  const waiting = new Set<() => void>()
  const ends = new Map<string, AbortController>()
  const reports: unknown[] = []
  let last = 0
  let [readers, begun] = [0, 0]
  let lastFlash: { item: FeedItem; sessionId: string | undefined } | undefined
  const ring = () => [...waiting].forEach((wake) => wake())
  const tell = (name: string, data: unknown, sessionId?: string) => {
    const seq = log.length + 1
    const event = { seq, id: `evt_${seq}`, name, at: '2026-01-01T00:00:00.000Z', ...(sessionId === undefined ? {} : { sessionId }), data }
    log.push({ item: { kind: 'event', name, json: JSON.stringify(event), cursor: `e1.n${seq}` }, sessionId })
    ring()
  }
  const ledger: Ledger<Commit> = {
    begin: (facts) => {
      let answer: unknown
      return {
        context: {
          commit: (emit) => {
            const { name, sessionId, data } = emit()
            answer = data
            tell(name, data, sessionId)
            if (facts.key !== undefined) keys.set(JSON.stringify([facts.caller.id, facts.operation, facts.key]), { digest: facts.digest, answer })
          },
        },
        durable: () => Promise.resolve(),
      }
    },
    recall: (facts) => keys.get(JSON.stringify([facts.caller.id, facts.operation, facts.key])),
    refused: () => undefined,
    wasRead: () => undefined,
  }
  const one = (id: string): Note => {
    const note = notes.get(id)
    if (!note) throw new Fault('not_found', `There is no note ${id}.`)
    return note
  }
  const handlers: Handlers<typeof contract, Commit> = {
    'notes.add': async ({ commit }, { text, tags, pinned, book }) => {
      const note = { id: `note_${++last}`, text, tags, pinned }
      commit(() => {
        notes.set(note.id, note)
        return { name: 'note.added', data: note, ...(book === undefined ? {} : { sessionId: book }) }
      })
      return note
    },
    'notes.get': async (_, { id }) => one(id),
    'notes.list': async (_, { limit, pinned, tags }) => {
      const fit = [...notes.values()].filter(
        (note) => (pinned === undefined || note.pinned === pinned) && (tags ?? []).every((tag) => note.tags.includes(tag)),
      )
      return { items: fit.slice(0, limit), nextCursor: null }
    },
    'notes.edit': async ({ commit }, { id, text }) => {
      const note = { ...one(id), text }
      commit(() => {
        notes.set(id, note)
        return { name: 'note.edited', data: note }
      })
      return note
    },
    'notes.remove': async ({ commit }, { id }) => {
      one(id)
      commit(() => {
        notes.delete(id)
        return { name: 'note.removed', data: null }
      })
      return null
    },
    'notes.shuffle': async () => ({ done: true }),
    'notes.break': async () => {
      throw new Error('a secret detail')
    },
    'sheets.upload': async ({ commit, body }, { name, mediaType }) => {
      const chunks: Uint8Array[] = []
      for await (const chunk of body ?? []) chunks.push(chunk)
      const bytes = Buffer.concat(chunks)
      const about = { id: `note_${++last}`, name, mediaType, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
      commit(() => {
        sheets.set(about.id, { about, bytes })
        return { name: 'sheet.uploaded', data: about }
      })
      return about
    },
    'sheets.download': async ({ attach }, { id }) => {
      const sheet = sheets.get(id)
      if (!sheet) throw new Fault('not_found', `There is no sheet ${id}.`)
      attach(async function* (range) {
        const part = range ? sheet.bytes.subarray(range.start, range.end + 1) : sheet.bytes
        for (let at = 0; at < part.length; at += 100_000) yield part.subarray(at, at + 100_000)
      })
      return sheet.about
    },
  }
  const feed: Feed = {
    open(caller, { sessionId, names, after }, signal) {
      if (!caller.scopes.some((scope) => ['*', '*:read', 'notes:*', 'notes:read'].includes(scope)))
        throw new Fault('forbidden', 'This stream needs notes:read.')
      if (sessionId === 'nowhere') throw new Fault('not_found', 'There is no book nowhere.')
      const match = after === undefined ? undefined : /^e(\d+)\.n(\d+)$/.exec(after)
      if (after !== undefined && !match) throw new Fault('invalid', 'The cursor is broken.')
      let at = match ? Number(match[2]) : sessionId === undefined ? log.length : 0
      let reset = match !== undefined && match !== null && match[1] !== '1'
      const fits = (name: string, session: string | undefined) =>
        (sessionId === undefined || session === sessionId) && (names === undefined || names.includes(name))
      const stop = signal
      return (async function* () {
        readers += 1
        begun += 1
        let seen = lastFlash
        try {
          while (!stop.aborted) {
            const items: FeedItem[] = []
            if (reset) items.push({ kind: 'reset', cursor: 'e1.n0' })
            if (reset) at = 0
            reset = false
            while (at < log.length && items.length < 50) {
              const entry = log[at++]
              if (entry && fits(entry.item.name, entry.sessionId)) items.push(entry.item)
              else if (at === log.length) items.push({ kind: 'cursor', cursor: `e1.n${at}` })
            }
            if (lastFlash !== seen && lastFlash && fits('token', lastFlash.sessionId)) items.push(lastFlash.item)
            seen = lastFlash
            if (items.length > 0) yield items
            else
              await new Promise<void>((resolve) => {
                const wake = () => {
                  waiting.delete(wake)
                  stop.removeEventListener('abort', wake)
                  resolve()
                }
                waiting.add(wake)
                stop.addEventListener('abort', wake)
              })
          }
        } finally {
          readers -= 1
        }
      })()
    },
  }
  const scopesOf: Record<string, readonly string[]> = { [ownerToken]: ['*'], reader: ['*:read'], nothing: ['other:read'], second: ['notes:*'] }
  const authenticator: Authenticator = {
    authenticate({ token, cookie }, door): Caller {
      const name = token ?? (cookie === 'good-cookie' ? ownerToken : '')
      if (name === 'expired') throw new Fault('unauthenticated', 'This token has expired.')
      if (name === 'tried-too-often') throw new Fault('too_many', 'Too many wrong tokens.')
      const scopes = scopesOf[name]
      if (!scopes) throw new Fault('unauthenticated', 'This token is not known.')
      const end = ends.get(name) ?? new AbortController()
      ends.set(name, end)
      return { id: name, kind: 'token', door, scopes, ended: end.signal }
    },
    prove(nonce, proof, door) {
      const fits = (key: string) => proof === createHmac('sha256', key).update(nonce).digest('base64url')
      if (fits(gatewayKey)) return null
      if (!fits(ownerToken)) throw new Fault('unauthenticated', 'The proof is wrong.')
      return { id: ownerToken, kind: 'owner', door, scopes: ['*'] }
    },
  }
  const call = createCall(contract, handlers, ledger, (error) => void reports.push(error))
  return {
    call,
    feed,
    authenticator,
    log,
    reports,
    tell,
    notes,
    end: (token: string) => ends.get(token)?.abort(),
    readers: () => readers,
    /** All readers that there ever were. */
    begun: () => begun,
    flash(data: unknown, sessionId?: string) {
      lastFlash = { item: { kind: 'flash', name: 'token', json: JSON.stringify({ name: 'token', at: '2026-01-01T00:00:00.000Z', data }) }, sessionId }
      ring()
    },
  }
}
export type Notebook = ReturnType<typeof createNotebook>
