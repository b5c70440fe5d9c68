import type { Attachment } from '@steward/contract/daemon'

/** A file that goes with the message: on its way to the daemon, there, or refused. `sent` in bytes; `preview` is a blob: address of an image. */
export interface Upload {
  readonly id: string
  readonly name: string
  readonly mediaType: string
  readonly size: number
  readonly state: 'waiting' | 'sending' | 'done' | 'failed'
  readonly sent: number
  readonly error?: string
  readonly fileId?: string
  readonly preview?: string
  /** It was uploaded for this message: when it is taken out, its file goes too. */
  readonly isOwn: boolean
}
export type Delivery = 'queue' | 'steer'
/** A message that was sent and is not confirmed yet. Its key makes it one message, however often it is said. */
export interface Outgoing {
  readonly key: string
  readonly text: string
  readonly attachments: readonly Attachment[]
  readonly delivery: Delivery
  readonly state: 'sending' | 'failed'
  readonly error?: string
}
/** What is written for a session and not with the daemon yet. */
export interface Draft {
  readonly text: string
  readonly uploads: readonly Upload[]
  readonly outgoing: readonly Outgoing[]
}
export const emptyDraft: Draft = { text: '', uploads: [], outgoing: [] }
const place = (id: string) => `steward.draft.${id}`
/** Files that are not uploaded yet live in this page only. */
const lasting = ({ text, uploads, outgoing }: Draft): Draft => ({
  text,
  outgoing,
  uploads: uploads.flatMap(({ preview: _preview, ...upload }) => (upload.state === 'done' ? [upload] : [])),
})
function parse(kept: string | null): Draft {
  try {
    return kept === null ? emptyDraft : { ...emptyDraft, ...(JSON.parse(kept) as Partial<Draft>) }
  } catch {
    return emptyDraft
  }
}
/** Drafts by session, kept in `storage` so that they survive a reload; a storage that is full keeps them for this page only. */
export function createDrafts(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
  const drafts = new Map<string, Draft>()
  const watchers = new Set<() => void>()
  const get = (id: string): Draft => {
    const known = drafts.get(id) ?? parse(storage.getItem(place(id)))
    drafts.set(id, known)
    return known
  }
  return {
    get,
    update(id: string, change: (draft: Draft) => Partial<Draft>): void {
      const before = get(id)
      const draft = { ...before, ...change(before) }
      drafts.set(id, draft)
      const kept = lasting(draft)
      try {
        if (kept.text === '' && kept.uploads.length === 0 && kept.outgoing.length === 0) storage.removeItem(place(id))
        else storage.setItem(place(id), JSON.stringify(kept))
      } catch (error) {
        if (!(error instanceof DOMException)) throw error
      }
      for (const watcher of watchers) watcher()
    },
    watch(watcher: () => void): () => void {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
  }
}
export type Drafts = ReturnType<typeof createDrafts>
