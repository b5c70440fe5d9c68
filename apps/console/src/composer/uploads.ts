import type { Attachment, File as StoredFile } from '@steward/contract/daemon'
import type { Drafts, Upload } from './draft-store.ts'
import type { UploadRequest } from './upload.ts'

export interface UploadPorts {
  readonly drafts: Drafts
  upload(request: UploadRequest): Promise<StoredFile>
  /** Removes a file that no message will have. */
  remove(fileId: string): void
}
interface Source {
  readonly file: File
  readonly key: string
  controller: AbortController
}
/** A file that is there, as a message has it. */
export const attachmentOf = ({ fileId, name, mediaType, size }: Upload): Attachment[] =>
  fileId === undefined ? [] : [{ fileId, name, mediaType, size }]
/** The other way round: a file of an earlier message, put into a draft. */
export const uploadOf = ({ fileId, name, mediaType, size }: Attachment): Upload => ({
  id: fileId,
  fileId,
  name,
  mediaType,
  size,
  state: 'done',
  sent: size,
  isOwn: false,
})
/** Files on their way into drafts. Up to four go at once, so that a phone's line is not split into nothing. */
export function createUploads({ drafts, upload, remove }: UploadPorts) {
  const sources = new Map<string, Source>()
  const patch = (draftId: string, id: string, change: Partial<Upload> | null) =>
    drafts.update(draftId, ({ uploads }) => ({
      uploads: uploads.flatMap((one) => (one.id !== id ? [one] : change === null ? [] : [{ ...one, ...change }])),
    }))
  async function start(draftId: string, id: string, sessionId: string): Promise<void> {
    const source = sources.get(id)
    if (!source) return
    source.controller = new AbortController()
    const { file, key, controller } = source
    patch(draftId, id, { state: 'sending', sent: 0 })
    try {
      const stored = await upload({ file, sessionId, key, signal: controller.signal, onProgress: (sent) => patch(draftId, id, { sent }) })
      patch(draftId, id, { state: 'done', sent: file.size, fileId: stored.id, name: stored.name })
    } catch (error) {
      if (!controller.signal.aborted) patch(draftId, id, { state: 'failed', error: error instanceof Error ? error.message : String(error) })
    }
  }
  const waiting = (draftId: string) => drafts.get(draftId).uploads.filter(({ state }) => state === 'waiting')
  const sending = (draftId: string) => drafts.get(draftId).uploads.some(({ state }) => state === 'sending')
  async function worker(draftId: string, sessionId: string): Promise<void> {
    for (let next = waiting(draftId)[0]; next; next = waiting(draftId)[0]) await start(draftId, next.id, sessionId)
  }
  const run = (draftId: string, sessionId: string) => Promise.all(Array.from({ length: 4 }, () => worker(draftId, sessionId)))
  return {
    /** Puts files into a draft. One over `maxBytes` is refused before a byte is sent, in `tooLarge`'s words. */
    add(draftId: string, files: readonly File[], maxBytes: number, tooLarge: string) {
      const fresh = files.map((file): Upload => {
        const id = crypto.randomUUID()
        const fits = file.size <= maxBytes
        if (fits) sources.set(id, { file, key: crypto.randomUUID(), controller: new AbortController() })
        return {
          id,
          name: file.name,
          mediaType: file.type,
          size: file.size,
          sent: 0,
          isOwn: true,
          ...(file.type.startsWith('image/') ? { preview: URL.createObjectURL(file) } : {}),
          ...(fits ? { state: 'waiting' } : { state: 'failed', error: tooLarge }),
        }
      })
      drafts.update(draftId, ({ uploads }) => ({ uploads: [...uploads, ...fresh] }))
    },
    /** Uploads what waits in a draft into a session; resolves when none of it is under way any more. */
    run,
    isBusy: sending,
    /** A refused upload can be tried again if its file is still at hand and was not too large. */
    canRetry: (id: string) => sources.has(id),
    retry(draftId: string, id: string, sessionId: string | undefined) {
      patch(draftId, id, { state: 'waiting' })
      if (sessionId !== undefined) void run(draftId, sessionId)
    },
    /** Takes a file out of a draft; one on its way is given up, one that is there is removed if it was uploaded for this draft. */
    drop(draftId: string, { id, preview, fileId, isOwn }: Upload) {
      sources.get(id)?.controller.abort()
      sources.delete(id)
      if (preview !== undefined) URL.revokeObjectURL(preview)
      if (fileId !== undefined && isOwn) remove(fileId)
      patch(draftId, id, null)
    },
  }
}
