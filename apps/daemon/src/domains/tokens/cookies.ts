import { createHmac, timingSafeEqual } from 'node:crypto'

/** Login cookies: `expiry.id.mac`, HMAC-SHA256 over the first two. They hold no rights of their own, only which login of the owner's their bearer is. */
export function createCookies(key: Buffer) {
  const macOf = (payload: string) => createHmac('sha256', key).update(`steward-login ${payload}`).digest()
  return {
    /** The cookie of a login; `expiresAt` in ms since 1970. */
    make(id: string, expiresAt: number): string {
      const payload = `${expiresAt}.${id}`
      return `${payload}.${macOf(payload).toString('base64url')}`
    },
    /** The login's id and end, or undefined for a cookie that was not made here or has expired. */
    read(cookie: string): { id: string; expiresAt: number } | undefined {
      const parts = /^(\d{13,15})\.(lgn_[0-9a-z]{22})\.([\w-]{43})$/.exec(cookie)
      if (!parts) return undefined
      const [, expiry = '', id = '', mac = ''] = parts
      const given = Buffer.from(mac, 'base64url')
      const expiresAt = Number(expiry)
      if (given.length !== 32 || !timingSafeEqual(given, macOf(`${expiry}.${id}`)) || expiresAt <= Date.now()) return undefined
      return { id, expiresAt }
    },
  }
}
