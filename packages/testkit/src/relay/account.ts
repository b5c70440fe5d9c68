import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto'
import { http } from './http.ts'

export interface Account {
  /** The 32-byte master secret that everything of the account comes from. */
  readonly secret: Uint8Array
  /** The Ed25519 public key in standard base64; its lower-case hex is the account's name at the relay. */
  readonly publicKey: string
  /** A detached Ed25519 signature, 64 bytes. */
  sign(data: Uint8Array): Uint8Array
}
export interface SignedChallenge {
  readonly publicKey: string
  readonly challenge: string
  readonly signature: string
}
/** What stands before the 32-byte seed in PKCS #8 (RFC 8410, section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** An account as a client makes it: its signing key has the master secret (32 bytes, random when none is given) for its seed. */
export function newAccount(secret: Uint8Array = randomBytes(32)): Account {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, secret]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32)
  return { secret, publicKey: publicKey.toString('base64'), sign: (data) => sign(null, data, key) }
}

/** The body of `POST /v1/auth`, in standard base64, with a challenge that the client makes itself (32 random bytes when none is given). */
export function signedChallenge(account: Account, challenge: Uint8Array = randomBytes(32)): SignedChallenge {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
  return { publicKey: account.publicKey, challenge: base64(challenge), signature: base64(account.sign(challenge)) }
}

/** Logs in at the relay of `url` as the existing clients do and gives the bearer token. An account that is not known there is made. Throws with the answer when it is refused. */
export async function login(url: string, account: Account): Promise<string> {
  using client = http(url)
  const { status, body } = await client.post<{ token?: string }>('/v1/auth', signedChallenge(account))
  if (status !== 200 || typeof body.token !== 'string') throw new Error(`Login was answered ${status}: ${JSON.stringify(body)}`)
  return body.token
}
