import type { FlashName } from '@steward/contract/daemon'

/** A message being written: what has been shown of it. Only what is already stored is put here. */
export interface LiveMessage {
  readonly sessionId: string
  readonly runId: string
  readonly messageId: string
  readonly text: string
  readonly reasoning: string
  /** When it last grew. */
  readonly at: string
}
export interface Signal {
  readonly sessionId: string
  readonly runId: string
  readonly name: Exclude<FlashName, 'token' | 'reasoning'>
  readonly data: unknown
}
const keptAfterEnd = 256

/**
 * What is passing right now: the messages being written, and signals of progress. Readers pull the text from here and remember how far
 * they are, so that a slow one gets the newest in one piece and no one gets a gap or a word twice.
 */
export function createLive() {
  const messages = new Map<string, LiveMessage>()
  /** The message before the one being written: its end may not be on disk yet, and readers hear of it only then. */
  const previous = new Map<string, LiveMessage>()
  const ended = new Set<string>()
  const listeners = new Set<(sessionId: string, signal?: Signal) => void>()
  const ring = (sessionId: string, signal?: Signal) => {
    for (const listener of listeners) listener(sessionId, signal)
  }
  return {
    begin(sessionId: string, runId: string, messageId: string) {
      const before = messages.get(sessionId)
      if (before) previous.set(sessionId, before)
      ended.delete(sessionId)
      messages.delete(sessionId)
      messages.set(sessionId, { sessionId, runId, messageId, text: '', reasoning: '', at: new Date().toISOString() })
    },
    /** Shows more of a message. `text` never ends in half of a surrogate pair. */
    append(sessionId: string, kind: 'text' | 'reasoning', text: string) {
      const message = messages.get(sessionId)
      if (!message) return
      messages.set(sessionId, { ...message, [kind]: message[kind] + text, at: new Date().toISOString() })
      ring(sessionId)
    },
    /** The message is whole and stored. It stays for readers that still have words to show, until newer ones need the room. */
    end(sessionId: string) {
      ended.add(sessionId)
      if (ended.size <= keptAfterEnd) return
      const [oldest] = ended
      if (oldest === undefined) return
      ended.delete(oldest)
      messages.delete(oldest)
      previous.delete(oldest)
    },
    forget(sessionId: string) {
      ended.delete(sessionId)
      messages.delete(sessionId)
      previous.delete(sessionId)
    },
    signal: (signal: Signal) => ring(signal.sessionId, signal),
    current: (sessionId: string): LiveMessage | undefined => messages.get(sessionId),
    /** A message that is being written or was written just before. */
    find: (sessionId: string, messageId: string): LiveMessage | undefined =>
      [messages.get(sessionId), previous.get(sessionId)].find((message) => message?.messageId === messageId),
    /** Every message that is being written now. */
    writing: (): readonly LiveMessage[] => [...messages.values()].filter(({ sessionId }) => !ended.has(sessionId)),
    isWriting: (sessionId: string): boolean => messages.has(sessionId) && !ended.has(sessionId),
    listen(listener: (sessionId: string, signal?: Signal) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
export type Live = ReturnType<typeof createLive>
