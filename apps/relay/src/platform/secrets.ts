import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

export interface Sealer {
  /** Seals a text with AES-256-GCM (NIST SP 800-38D), bound to its name: moved under another name it does not open. */
  seal(name: string, plain: string): string
  /** The text; undefined when the secret or the name is another, or the sealed text was changed. */
  open(name: string, sealed: string): string | undefined
  /** 32 bytes for one use, by HKDF-SHA256 (RFC 5869); another label gives other bytes, of which nothing leads to these. */
  deriveKey(label: string): Buffer
}
/** What the master secret of a relay is used for, each with a key of its own. The secret itself is used for nothing. */
export function createSealer(masterSecret: string): Sealer {
  const deriveKey = (label: string) => Buffer.from(hkdfSync('sha256', masterSecret, 'steward relay', label, 32))
  const key = deriveKey('seal')
  return {
    deriveKey: (label) => deriveKey(`use:${label}`),
    seal(name, plain) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return ['v1', ...[iv, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join('.')
    },
    open(name, sealed) {
      const [version, ...parts] = sealed.split('.')
      const [iv, tag, body] = parts.map((part) => Buffer.from(part, 'base64url'))
      if (version !== 'v1' || parts.length !== 3 || iv?.length !== 12 || tag?.length !== 16 || !body) return undefined
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 }).setAAD(Buffer.from(name)).setAuthTag(tag)
      try {
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
  }
}
