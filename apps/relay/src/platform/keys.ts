import { createPublicKey, verify } from 'node:crypto'
import { promisify } from 'node:util'

/** What stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo (RFC 8410 §4). */
const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex')
const verifyAside = promisify<null, Uint8Array, Parameters<typeof verify>[2], Uint8Array, boolean>(verify)

/** Bytes of base64 text in either alphabet, of an exact length; undefined for anything else. */
export function bytesOf(text: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === length ? bytes : undefined
}
/**
 * Whether a detached Ed25519 signature (RFC 8032) is of this message by this key. Never throws: a key that is none has signed nothing. On a thread of its own, about
 * 0.1 ms of it: whoever sends many that are wrong holds up nobody else.
 */
export async function isSignedBy(publicKey: Buffer, message: Uint8Array, signature: Buffer): Promise<boolean> {
  try {
    const key = createPublicKey({ key: Buffer.concat([ed25519Prefix, publicKey]), format: 'der', type: 'spki' })
    return await verifyAside(null, message, key, signature)
  } catch {
    return false
  }
}
