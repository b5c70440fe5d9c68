import { randomBytes } from 'node:crypto'
import nacl from 'tweetnacl'
import { contentKeyPair } from './happy-keys.ts'

/** Standard base64 of 32 + 24 + 16 bytes and the plain ones: a one-time public key, a nonce, and an X25519-XSalsa20-Poly1305 box to `publicKey`. */
function seal(plain: Uint8Array, publicKey: Uint8Array, ...before: readonly number[]): string {
  const once = nacl.box.keyPair()
  const nonce = randomBytes(24)
  return Buffer.concat([Buffer.from(before), once.publicKey, nonce, nacl.box(plain, nonce, publicKey, once.secretKey)]).toString('base64')
}
function open(sealed: Uint8Array, secretKey: Uint8Array): Uint8Array | null {
  if (sealed.length < 32 + 24 + 16) return null
  return nacl.box.open(sealed.subarray(56), sealed.subarray(32, 56), sealed.subarray(0, 32), secretKey)
}

/** What a phone answers an old terminal, or a second device that asks for the account: the master secret itself, sealed to the asker's box key. Base64 of 104 bytes. */
export const answerPairingV1 = (askerPublicKey: Uint8Array, master: Uint8Array): string => seal(master, askerPublicKey)

/** What a phone answers a terminal that says `supportsV2`: a zero byte and the content public key, sealed to the terminal's box key. Base64 of 105 bytes. */
export const answerPairingV2 = (askerPublicKey: Uint8Array, master: Uint8Array): string =>
  seal(Buffer.concat([Buffer.of(0), contentKeyPair(master).publicKey]), askerPublicKey)

export type PairingAnswer = { readonly version: 1; readonly master: Uint8Array } | { readonly version: 2; readonly contentPublicKey: Uint8Array }

/** Opens the `response` of a pairing with the asker's box secret key; null when it was sealed to another key or is nothing of the kind. */
export function openPairing(response: string, askerSecretKey: Uint8Array): PairingAnswer | null {
  const plain = open(Buffer.from(response, 'base64'), askerSecretKey)
  if (plain?.length === 32) return { version: 1, master: plain }
  if (plain?.length === 33 && plain[0] === 0) return { version: 2, contentPublicKey: plain.subarray(1) }
  return null
}

/** A `dataEncryptionKey`: a zero byte and the 32-byte data key sealed to the account's content public key. Base64 of 105 bytes. */
export const sealDataKey = (dataKey: Uint8Array, contentPublicKey: Uint8Array): string => seal(dataKey, contentPublicKey, 0)

/** Opens a `dataEncryptionKey`; null when it was sealed to another key or is of another version. */
export function openDataKey(sealed: string, contentSecretKey: Uint8Array): Uint8Array | null {
  const bytes = Buffer.from(sealed, 'base64')
  return bytes[0] === 0 ? open(bytes.subarray(1), contentSecretKey) : null
}
