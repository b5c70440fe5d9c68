import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const keptMs = 60_000
const most = 100
const hashOf = (code: string) => createHash('sha256').update(code).digest()
/** One-time login codes: in memory only, good for 60 seconds and one use. */
export function createLoginCodes(now: () => number = () => Date.now()) {
  let open: { hash: Buffer; expiresAt: number }[] = []
  return {
    make(): { code: string; expiresAt: string } {
      const code = randomBytes(32).toString('base64url')
      const expiresAt = now() + keptMs
      open = [...open.filter((login) => login.expiresAt > now()).slice(1 - most), { hash: hashOf(code), expiresAt }]
      return { code, expiresAt: new Date(expiresAt).toISOString() }
    },
    /** Uses a code up; true when it was good. Every open code is compared, each in constant time. */
    use(code: string): boolean {
      const hash = hashOf(code)
      const before = open
      open = before.filter((login) => !timingSafeEqual(login.hash, hash))
      return before.some((login) => !open.includes(login) && login.expiresAt > now())
    },
  }
}
