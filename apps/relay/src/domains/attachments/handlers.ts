import { randomBytes, randomUUID } from 'node:crypto'
import { Fault } from '@steward/contract'
import { maxAttachmentBytes, type relayOperations } from '@steward/contract/relay'
import type { RelayCaller } from '../../caller.ts'
import type { OwnsSession, RelayHandlers } from '../../context.ts'
import { checkedBody, type Blobs } from '../../platform/blobs.ts'
import type { Database } from '../../platform/database.ts'
import { moving } from './moving.ts'
import * as store from './store.ts'

export interface AttachmentPorts {
  readonly database: Database
  readonly ownsSession: OwnsSession
  /** Where the bytes lie. Throws Fault `unavailable` where this relay has no place for them. */
  blobs(): Blobs
  /** The address under which clients know the relay, where it is set. */
  readonly publicUrl: string | undefined
  /** Refuses an account that announces too many. Throws Fault `too_many`. */
  limitUploads(accountId: string): Promise<void>
  /** An upload that stands still for so long is given up. */
  readonly stallLimitMs: number
}
type Names = Extract<keyof typeof relayOperations, `attachments.${string}`>
const refOf = (sessionId: string, file: string) => `sessions/${sessionId}/attachments/${file}`
const none = () => new Fault('not_found', 'Attachment not found')
const mebibytes = maxAttachmentBytes / 1024 / 1024

/** Attachments: sealed bytes that belong to a session. They are announced first, so that what is not wanted is refused before it is sent. */
export function attachmentHandlers({ database, ownsSession, blobs, publicUrl, limitUploads, stallLimitMs }: AttachmentPorts): RelayHandlers<Names> {
  const { queries } = database
  /** The address of a file as the client knows the relay: it sends its token nowhere else. */
  const urlOf = ({ seenAt }: RelayCaller, ref: string) => {
    const base = publicUrl ?? seenAt
    if (base === undefined) throw new Fault('invalid', 'Ask over HTTP: the address of the relay is not known here.')
    return `${base.replace(/\/+$/, '')}/v1/${ref}`
  }
  const demand = async (accountId: string, ref: string) => {
    const attachment = await store.findAttachment(queries, accountId, ref)
    if (!attachment) throw none()
    return attachment
  }
  return {
    async 'attachments.requestUpload'({ write, holder, by }, { sessionId, size }) {
      const { accountId } = holder()
      await limitUploads(accountId)
      if (size > maxAttachmentBytes) throw new Fault('too_large', `File too large (max ${mebibytes}MB)`)
      blobs()
      const ref = refOf(sessionId, `${randomUUID()}.enc`)
      const uploadUrl = urlOf(by, ref)
      await write(async ({ db, count, now }) => {
        if (!(await ownsSession(db, accountId, sessionId))) throw new Fault('not_found', 'Session not found')
        count('attachmentBytes', size)
        await store.insertAttachment(db, { ref, accountId, sessionId, size, now })
      })
      return { ref, uploadUrl, method: 'PUT' }
    },
    async 'attachments.requestDownload'({ holder, by }, { sessionId, ref }) {
      if (!(await ownsSession(queries, holder().accountId, sessionId))) throw new Fault('not_found', 'Session not found')
      if (!ref.startsWith(refOf(sessionId, ''))) throw new Fault('invalid', 'Ref does not belong to this session')
      if (!(await demand(holder().accountId, ref)).key) throw none()
      return { downloadUrl: urlOf(by, ref) }
    },
    async 'attachments.put'({ holder, body, write, signal }, { sessionId, file }) {
      const { accountId } = holder()
      const ref = refOf(sessionId, file)
      const { size, key: there } = await demand(accountId, ref)
      // Sent again by a client that did not hear the answer.
      if (there !== null) return { ok: true }
      if (body === undefined) throw new Fault('invalid', 'Send the bytes of the file as the body.')
      // A place of its own for every try: one that fails takes nothing from another.
      const key = `${ref}.${randomBytes(4).toString('hex')}`
      let settled: string | undefined
      try {
        // The store is not told the size, so that it gets nothing before all is here: a half body would be left to each store's own idea of what to do with it.
        const whole = checkedBody(moving(body, stallLimitMs, signal), { maxBytes: maxAttachmentBytes, size })
        await blobs().put(key, whole, { maxBytes: maxAttachmentBytes })
        settled = await write(({ db }) => store.settle(db, accountId, ref, key))
        if (settled === undefined) throw none()
        return { ok: true }
      } finally {
        // Nothing of a try that failed, or came second, stays; where even this fails the sweep finds it.
        if (settled !== key)
          await blobs()
            .remove(key)
            .catch(() => undefined)
      }
    },
    async 'attachments.get'({ holder, attach }, { sessionId, file }) {
      const ref = refOf(sessionId, file)
      const { size, key } = await demand(holder().accountId, ref)
      if (key === null) throw none()
      attach(async function* (range) {
        const blob = await blobs().get(key, range)
        if (!blob) throw none()
        yield* blob.body
      })
      return { size }
    },
  }
}
