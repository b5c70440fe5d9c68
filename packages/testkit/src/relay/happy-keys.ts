import { createHash, createHmac } from 'node:crypto'
import nacl from 'tweetnacl'

/** An X25519 pair, 32 bytes each. */
export interface BoxKeyPair {
  readonly publicKey: Uint8Array
  readonly secretKey: Uint8Array
}
const hmac = (key: string | Uint8Array, data: Uint8Array): Buffer => createHmac('sha512', key).update(data).digest()

/** The 32-byte key at a path of the existing clients' tree of keys: HMAC-SHA-512 halved into key and chain code, as in BIP 32, with names for indices. */
export function deriveKey(master: Uint8Array, usage: string, path: readonly string[]): Uint8Array {
  const root = hmac(`${usage} Master Seed`, master)
  return path.reduce((parent, name) => hmac(parent.subarray(32), Buffer.from(`\0${name}`)), root).subarray(0, 32)
}

/** The pair to which an account's data keys are sealed; libsodium's `crypto_box_seed_keypair` of the key `content`. */
export function contentKeyPair(master: Uint8Array): BoxKeyPair {
  const seed = deriveKey(master, 'Happy EnCoder', ['content'])
  return nacl.box.keyPair.fromSecretKey(createHash('sha512').update(seed).digest().subarray(0, 32))
}

/** A pair of its own for a pairing, as a terminal makes one. */
export const newBoxKeyPair = (): BoxKeyPair => nacl.box.keyPair()
