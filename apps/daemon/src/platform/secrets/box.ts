import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import path from 'node:path'
import { keyFile } from './key-file.ts'

/** Seals secrets at rest with AES-256-GCM (NIST SP 800-38D), bound to their name: a sealed text moved under another name does not open. */
export interface SecretBox {
  seal(name: string, text: string): string
  /** The text, or undefined when the key or the name is another, or the sealed text was changed. */
  open(name: string, sealed: string): string | undefined
  /** By which a text can be known again and not be read: a keyed digest (HMAC-SHA256, RFC 2104), bound to the name. */
  digest(name: string, text: string): string
}
/** A box with the given 32 bytes as its key. */
export function createSecretBox(key: Buffer): SecretBox {
  // A key of its own, so that no two uses share one.
  const digestKey = createHmac('sha256', key).update('digest').digest()
  return {
    digest: (name, text) => createHmac('sha256', digestKey).update(`${name}\n${text}`).digest('base64url'),
    seal(name, text) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return ['v1', ...[iv, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join('.')
    },
    open(name, sealed) {
      const [version, ...parts] = sealed.split('.')
      const [iv, tag, body] = parts.map((part) => Buffer.from(part, 'base64url'))
      if (version !== 'v1' || iv?.length !== 12 || tag?.length !== 16 || !body) return undefined
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 }).setAAD(Buffer.from(name)).setAuthTag(tag)
      try {
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
  }
}
/** The box of a data folder; its key is `secret.key` there, made when missing. */
export const openSecretBox = (home: string): SecretBox => createSecretBox(keyFile(path.join(home, 'secret.key')))
