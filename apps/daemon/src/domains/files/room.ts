import { Fault } from '@steward/contract'
import type { File } from '@steward/contract/daemon'
import type { ByteStore } from '../../platform/byte-store.ts'
import type { RoomHandlers } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { decodePlace, encodePage } from '../../platform/page.ts'
import type { Store } from '../../platform/storage/store.ts'
import { displayName } from './names.ts'
import { createFileStore } from './store.ts'

export interface FilePorts {
  readonly bytes: ByteStore
  /** The setting files.maxBytes. */
  maxBytes(): number
  sessionExists(id: string): boolean
  report(error: unknown): void
}
/** Files: rows in the chat database, bytes by their hash. A file goes with its session, its bytes with their last file. */
export function createFilesRoom(chat: Pick<Store, 'db' | 'log'>, { bytes, maxBytes, sessionExists, report }: FilePorts) {
  const store = createFileStore(chat.db)
  const needSession = (id: string | undefined) => {
    if (id !== undefined && !sessionExists(id)) throw new Fault('not_found', `There is no session ${id}.`)
  }
  const need = (id: string, sessionId?: string): File => {
    const file = store.find(id)
    if (!file || (sessionId !== undefined && file.sessionId !== sessionId))
      throw new Fault('not_found', `There is no file ${id}${sessionId === undefined ? '' : ` in session ${sessionId}`}.`)
    return file
  }
  /** Bytes of deleted rows by the row's id, until the deletion is on disk: a power cut must not leave a row without its bytes. */
  const condemned = new Map<string, string>()
  let sweeping: Promise<void> | undefined
  let again = false
  const end = new AbortController()
  const sweepBytes = async (): Promise<void> => {
    again = true
    sweeping ??= (async () => {
      while (again && !end.signal.aborted) {
        again = false
        await bytes.sweep(store.isWanted)
      }
    })().finally(() => (sweeping = undefined))
    await sweeping
  }
  const sweepSoon = () => void sweepBytes().catch(report)
  bytes.onRelease(sweepSoon)
  const stopListening = chat.log.listen((fresh) => {
    if (fresh.some(({ name }) => name === 'session.deleted')) sweepSoon()
    for (const { name, json } of fresh) {
      if (name !== 'file.deleted') continue
      const { fileId } = (JSON.parse(json) as { data: { fileId: string } }).data
      const sha256 = condemned.get(fileId)
      condemned.delete(fileId)
      if (sha256 !== undefined) bytes.remove(sha256, store.isWanted)
    }
  })
  const handlers = {
    async 'files.upload'({ commit, body, signal }, { name, mediaType, sessionId }) {
      if (!body) throw new Fault('invalid', 'Send the bytes of the file as the body, or as the part `file` of a form.')
      needSession(sessionId)
      const { sha256, size, release } = await bytes.receive(body, maxBytes(), signal)
      try {
        const file: File = {
          id: newId('file'),
          sessionId: sessionId ?? null,
          name: displayName(name),
          mediaType,
          size,
          sha256,
          createdAt: new Date().toISOString(),
        }
        return commit((emit) => {
          needSession(sessionId)
          store.insert(file)
          emit('file.uploaded', { file }, sessionId === undefined ? {} : { sessionId })
          return file
        })
      } finally {
        release()
        if (!store.isWanted(sha256)) bytes.remove(sha256, store.isWanted)
      }
    },
    async 'files.download'({ attach }, { id, sessionId }) {
      const { name, mediaType, size, sha256 } = need(id, sessionId)
      if (!bytes.has(sha256)) throw new Fault('unavailable', `The bytes of ${id} are not in the files folder any more; restore them from a backup.`)
      attach((range) => bytes.read(sha256, range))
      return { name, mediaType, size }
    },
    async 'files.get'(_context, { id, sessionId }) {
      return need(id, sessionId)
    },
    async 'files.list'(_context, { limit, cursor, sessionId }) {
      needSession(sessionId)
      const rows = store.list(sessionId, limit + 1, cursor === undefined ? undefined : String(decodePlace(cursor)['id']))
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return { items, nextCursor: rows.length > limit && last ? encodePage({ id: last.id }) : null }
    },
    async 'files.delete'({ commit }, { id }) {
      const { sha256, sessionId } = need(id)
      return commit((emit) => {
        need(id)
        store.remove(id)
        condemned.set(id, sha256)
        emit('file.deleted', { fileId: id }, sessionId === null ? {} : { sessionId })
        return null
      })
    },
  } satisfies RoomHandlers
  return {
    handlers,
    find: store.find,
    /** Gives a file's bytes another row, in a session; undefined when the file is gone. To be called inside a commit. */
    copy(id: string, sessionId: string): File | undefined {
      const file = store.find(id)
      if (!file) return undefined
      const twin = { ...file, id: newId('file'), sessionId, createdAt: new Date().toISOString() }
      store.insert(twin)
      return twin
    },
    open: ({ sha256 }: File) => bytes.read(sha256),
    /** The bytes of a file, in memory; none when it is gone. */
    async bytesOf(id: string): Promise<Uint8Array> {
      const file = store.find(id)
      const chunks: Uint8Array[] = []
      if (file) for await (const chunk of bytes.read(file.sha256)) chunks.push(chunk)
      return Buffer.concat(chunks)
    },
    /** Removes bytes without a file and what broken-off uploads left. Call it at start; later it runs by itself. */
    sweepBytes,
    async close() {
      end.abort()
      stopListening()
      await sweeping
    },
  }
}
