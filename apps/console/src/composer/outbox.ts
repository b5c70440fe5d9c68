import { Fault } from '@steward/contract'
import type { Attachment } from '@steward/contract/daemon'
import type { Delivery, Drafts, Outgoing } from './draft-store.ts'

export interface OutboxPorts {
  readonly drafts: Drafts
  /** Says a message to the daemon, under a key that makes it one however often it is said. */
  send(sessionId: string, message: Outgoing): Promise<unknown>
  /** Resolves when there is a connection again. */
  connected(): Promise<void>
}
/** Messages on their way. What was sent stays in the draft until the daemon has it: a reload or a cut line sends it again under the same key. */
export function createOutbox({ drafts, send, connected }: OutboxPorts) {
  const flying = new Set<string>()
  const patch = (sessionId: string, key: string, change: Partial<Outgoing> | null) =>
    drafts.update(sessionId, ({ outgoing }) => ({
      outgoing: outgoing.flatMap((one) => (one.key !== key ? [one] : change === null ? [] : [{ ...one, ...change }])),
    }))
  async function deliver(sessionId: string, message: Outgoing): Promise<void> {
    if (flying.has(message.key)) return
    flying.add(message.key)
    try {
      for (;;) {
        try {
          await send(sessionId, message)
          return patch(sessionId, message.key, null)
        } catch (error) {
          if (!(error instanceof Fault) || error.code !== 'unavailable' || !error.retryable) {
            return patch(sessionId, message.key, { state: 'failed', error: error instanceof Error ? error.message : String(error) })
          }
          await connected()
        }
      }
    } finally {
      flying.delete(message.key)
    }
  }
  return {
    /** Takes the text and these files out of the draft and sends them. */
    post(
      sessionId: string,
      { text, attachments, delivery }: { text: string; attachments: readonly Attachment[]; delivery: Delivery },
    ): Promise<void> {
      const message: Outgoing = { key: crypto.randomUUID(), text, attachments, delivery, state: 'sending' }
      drafts.update(sessionId, ({ outgoing }) => ({ text: '', uploads: [], outgoing: [...outgoing, message] }))
      return deliver(sessionId, message)
    },
    /** Tries a refused message again. What the daemon refused was not done, so it is said anew. */
    retry(sessionId: string, message: Outgoing): Promise<void> {
      const fresh: Outgoing = {
        key: crypto.randomUUID(),
        text: message.text,
        attachments: message.attachments,
        delivery: message.delivery,
        state: 'sending',
      }
      drafts.update(sessionId, ({ outgoing }) => ({ outgoing: outgoing.map((one) => (one.key === message.key ? fresh : one)) }))
      return deliver(sessionId, fresh)
    },
    drop: (sessionId: string, key: string) => patch(sessionId, key, null),
    /** Goes on with what an earlier page has left on its way, in its order. */
    async resume(sessionId: string): Promise<void> {
      for (const message of drafts.get(sessionId).outgoing) if (message.state === 'sending') await deliver(sessionId, message)
    },
  }
}
