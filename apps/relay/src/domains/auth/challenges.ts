import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** What a signature of a challenge of ours begins with, so that it can never be taken for one made for something else. */
export const loginDomain = 'steward-relay/login/1\n'

/** Challenges that need no row until they are used: time of end, chance, and our mark over both. Any node of the same master secret knows its own. */
export function createChallenges(key: Uint8Array, lifeMs: number) {
  const mark = (text: string) => createHmac('sha256', key).update(text).digest('base64url')
  return {
    make(now: number): { challenge: string; expiresAt: number } {
      const expiresAt = now + lifeMs
      const text = `1.${expiresAt.toString(36)}.${randomBytes(24).toString('base64url')}`
      return { challenge: `${text}.${mark(text)}`, expiresAt }
    },
    /** When a challenge of ours ends, or undefined for one that is not ours or has ended. */
    expiryOf(challenge: string, now: number): number | undefined {
      const at = challenge.lastIndexOf('.')
      const [ours, shown] = [Buffer.from(mark(challenge.slice(0, Math.max(0, at)))), Buffer.from(challenge.slice(at + 1))]
      if (ours.length !== shown.length || !timingSafeEqual(ours, shown)) return undefined
      const expiresAt = Number.parseInt(challenge.split('.')[1] ?? '', 36)
      return expiresAt > now ? expiresAt : undefined
    },
  }
}
/** Under what a used challenge is remembered. */
export const digestOf = (publicKey: Buffer, challenge: string | Uint8Array): string =>
  createHash('sha256').update(publicKey).update(challenge).digest('base64url')
