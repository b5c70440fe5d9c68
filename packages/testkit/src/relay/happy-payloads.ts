import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import nacl from 'tweetnacl'

/** A payload under a data key (32 bytes): base64 of a zero byte, a 12-byte nonce, and the AES-256-GCM of the value's JSON with its 16-byte tag. */
export function sealPayload(value: unknown, dataKey: Uint8Array): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', dataKey, nonce)
  const sealed = [cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]
  return Buffer.concat([Buffer.of(0), nonce, ...sealed, cipher.getAuthTag()]).toString('base64')
}

/** The value of a payload under a data key. Null when it is under another key, was changed, or is nothing of the kind. */
export function openPayload(payload: string, dataKey: Uint8Array): unknown {
  const bytes = Buffer.from(payload, 'base64')
  if (bytes.length < 1 + 12 + 16 || bytes[0] !== 0) return null
  const decipher = createDecipheriv('aes-256-gcm', dataKey, bytes.subarray(1, 13)).setAuthTag(bytes.subarray(-16))
  const plain = decipher.update(bytes.subarray(13, -16))
  try {
    return JSON.parse(Buffer.concat([plain, decipher.final()]).toString())
  } catch {
    return null
  }
}

/** A 24-byte nonce and an XSalsa20-Poly1305 secretbox: attachments, under a key of `deriveKey(…, 'Happy Blobs', …)`. */
export function sealBytes(plain: Uint8Array, key: Uint8Array): Uint8Array {
  const nonce = randomBytes(24)
  return Buffer.concat([nonce, nacl.secretbox(plain, nonce, key)])
}

/** Null when the bytes are under another key, were changed, or are too few. */
export const openBytes = (sealed: Uint8Array, key: Uint8Array): Uint8Array | null =>
  sealed.length < 24 + 16 ? null : nacl.secretbox.open(sealed.subarray(24), sealed.subarray(0, 24), key)

/** A legacy payload, and the account's settings: base64 of `sealBytes` of the value's JSON under the master secret. */
export const sealLegacyPayload = (value: unknown, master: Uint8Array): string =>
  Buffer.from(sealBytes(Buffer.from(JSON.stringify(value)), master)).toString('base64')

/** The value of a legacy payload. Null when it is under another key, was changed, or is nothing of the kind. */
export function openLegacyPayload(payload: string, master: Uint8Array): unknown {
  const plain = openBytes(Buffer.from(payload, 'base64'), master)
  return plain ? JSON.parse(Buffer.from(plain).toString()) : null
}
