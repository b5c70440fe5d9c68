import { Fault } from '@steward/contract'
import { newDraft } from '../composer/areas.ts'
import type { Drafts } from '../composer/draft-store.ts'
import { attachmentOf } from '../composer/uploads.ts'
import type { AnswerOf, call as Call, InputOf } from '../platform/daemon.ts'

export type Wanted = InputOf<'sessions.create'>
/** A start under way. Its two keys make it one session and one message, however often it is said. */
interface Start {
  readonly createKey: string
  readonly sendKey: string
  readonly wanted: Wanted
  /** Files that are to go with the message. */
  readonly files: number
  readonly sessionId?: string
}
export interface StarterPorts {
  readonly drafts: Drafts
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  readonly call: typeof Call
  /** Uploads what waits in the draft into the session. */
  upload(sessionId: string): Promise<unknown>
  connected(): Promise<void>
}
/** Why a start stands still: a file could not be uploaded. */
export class FilesFailed extends Error {}
const place = 'steward.start'
const same = (a: Wanted, b: Wanted) => JSON.stringify(a) === JSON.stringify(b)

/** Starts sessions: creates one, uploads its files, sends the first message. */
export function createStarter({ drafts, storage, call, upload, connected }: StarterPorts) {
  let running: Promise<string> | undefined
  const kept = (): Start | undefined => {
    const json = storage.getItem(place)
    return json === null ? undefined : (JSON.parse(json) as Start)
  }
  const keep = (start: Start): Start => {
    storage.setItem(place, JSON.stringify(start))
    return start
  }
  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== 'unavailable' || !error.retryable) throw error
        await connected()
      }
    }
  }
  async function create(start: Start): Promise<Start & { sessionId: string }> {
    if (start.sessionId !== undefined) return { ...start, sessionId: start.sessionId }
    try {
      const { id }: AnswerOf<'sessions.create'> = await patiently(() => call('sessions.create', start.wanted, { key: start.createKey }))
      const created = { ...start, sessionId: id }
      keep(created)
      return created
    } catch (error) {
      storage.removeItem(place)
      throw error
    }
  }
  async function run(start: Start): Promise<string> {
    const { sessionId, sendKey, ...rest } = await create(start)
    await upload(sessionId)
    const { text, uploads } = drafts.get(newDraft)
    if (uploads.some(({ state }) => state !== 'done')) throw new FilesFailed()
    const attachments = uploads.flatMap(attachmentOf).map(({ fileId }) => fileId)
    try {
      await patiently(() => call('messages.send', { sessionId, text, ...(attachments.length > 0 ? { attachments } : {}) }, { key: sendKey }))
    } catch (error) {
      // What was refused was not done; said again it is another message.
      keep({ ...rest, sessionId, sendKey: crypto.randomUUID() })
      throw error
    }
    storage.removeItem(place)
    drafts.update(newDraft, () => ({ text: '', uploads: [] }))
    return sessionId
  }
  const begin = (start: Start): Promise<string> => (running ??= run(start).finally(() => (running = undefined)))
  const fresh = (wanted: Wanted): Start => ({
    createKey: crypto.randomUUID(),
    sendKey: crypto.randomUUID(),
    wanted,
    files: drafts.get(newDraft).uploads.length,
  })
  return {
    /** Starts a session with the text and files of the draft; answers its id. While one is being started, it is that one. */
    async start(wanted: Wanted): Promise<string> {
      if (running) return running
      const left = kept()
      if (left && same(left.wanted, wanted)) return begin(keep({ ...left, files: drafts.get(newDraft).uploads.length }))
      if (left?.sessionId !== undefined) await call('sessions.delete', { id: left.sessionId })
      return begin(keep(fresh(wanted)))
    },
    /** Goes on with a start that an earlier page has left; null when there is none, 'files' when its files were lost with that page. */
    resume(): Promise<string> | 'files' | null {
      if (running) return running
      const left = kept()
      if (!left) return null
      return drafts.get(newDraft).uploads.length < left.files ? 'files' : begin(left)
    },
  }
}
