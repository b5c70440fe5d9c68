import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const keptMs = 30 * 24 * 3_600_000
/** Login cookies: `expiry.id.mac`, HMAC-SHA256 over the first two. They hold no rights of their own, only that their bearer once logged in as the owner. */
export function createCookies(key: Buffer) {
  const macOf = (payload: string) => createHmac('sha256', key).update(`steward-login ${payload}`).digest()
  return {
    make(): { cookie: string; maxAgeSeconds: number } {
      const payload = `${Date.now() + keptMs}.${randomBytes(12).toString('base64url')}`
      return { cookie: `${payload}.${macOf(payload).toString('base64url')}`, maxAgeSeconds: keptMs / 1000 }
    },
    /** The cookie's id and end, or undefined for one that was not made here or has expired. */
    read(cookie: string): { id: string; expiresAt: number } | undefined {
      const parts = /^(\d{13,15})\.([\w-]{16})\.([\w-]{43})$/.exec(cookie)
      if (!parts) return undefined
      const [, expiry = '', id = '', mac = ''] = parts
      const given = Buffer.from(mac, 'base64url')
      const expiresAt = Number(expiry)
      if (given.length !== 32 || !timingSafeEqual(given, macOf(`${expiry}.${id}`)) || expiresAt <= Date.now()) return undefined
      return { id, expiresAt }
    },
  }
}
