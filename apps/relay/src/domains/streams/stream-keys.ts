import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** The two ends of a stream: who opened it, and the machine it was opened to. */
export type End = 'opener' | 'machine'
export const otherEnd = (end: End): End => (end === 'opener' ? 'machine' : 'opener')

/** Names of streams, and what proves that one was given an end of it: any node can tell, so a stream outlives the node it began on. */
export function createStreamKeys(key: Uint8Array) {
  const mark = (streamId: string, accountId: string, end: End) =>
    createHmac('sha256', key).update(`${streamId}\n${accountId}\n${end}`).digest('base64url')
  return {
    newId: () => randomBytes(18).toString('base64url'),
    keyOf: mark,
    /** Which end this key was given for; undefined for none of this account's. */
    endOf(streamId: string, accountId: string, shown: string): End | undefined {
      const bytes = Buffer.from(shown)
      return (['opener', 'machine'] as const).find((end) => {
        const ours = Buffer.from(mark(streamId, accountId, end))
        return ours.length === bytes.length && timingSafeEqual(ours, bytes)
      })
    },
  }
}
export type StreamKeys = ReturnType<typeof createStreamKeys>
