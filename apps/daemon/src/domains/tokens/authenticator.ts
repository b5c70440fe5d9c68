import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { Fault } from '@steward/contract'
import type { Authenticator, Caller } from '@steward/kernel'
import type { createCookies } from './cookies.ts'
import type { createEndings } from './endings.ts'
import type { Failures } from './failures.ts'
import type { LoginRecord } from './login-store.ts'
import type { TokenRecord } from './store.ts'

export interface AuthenticatorDeps {
  readonly ownerToken: string
  readonly gatewayKey: string
  readonly cookies: ReturnType<typeof createCookies>
  readonly endings: ReturnType<typeof createEndings>
  readonly failures: Failures
  findByHash(hash: Uint8Array): TokenRecord | undefined
  findLogin(id: string): LoginRecord | undefined
  /** Hears of each use of a token or a login. */
  used(one: TokenRecord | LoginRecord): void
}
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()
const local = 'local'
const owner = (door: string): Caller => ({ id: 'owner', kind: 'owner', door, scopes: ['*'] })

/**
 * Turns credentials into callers: the owner's token, an access token, a login cookie, or the proof of an IPC hello. A token that is given
 * is judged alone, whatever cookie comes with it. Wrong credentials are counted per address (a local socket is one); a missing one is not.
 */
export function createAuthenticator({
  ownerToken,
  gatewayKey,
  cookies,
  endings,
  failures,
  findByHash,
  findLogin,
  used,
}: AuthenticatorDeps): Authenticator {
  const ownerHash = hashOf(ownerToken)
  const byToken = (token: string, address: string, door: string): Caller => {
    const hash = hashOf(token)
    if (timingSafeEqual(hash, ownerHash)) return owner(door)
    const record = findByHash(hash)
    if (!record || !timingSafeEqual(record.hash, hash)) return failures.fail(address, 'This token is not known here; check that it was copied whole.')
    if (record.revokedAt !== null) return failures.fail(address, 'This token was revoked; make a new one with `steward tokens create`.')
    const expiresAt = record.expiresAt === null ? null : Date.parse(record.expiresAt)
    if (expiresAt !== null && expiresAt <= Date.now())
      return failures.fail(address, 'This token has expired; make a new one with `steward tokens create`.')
    used(record)
    return { id: record.id, kind: 'token', door, scopes: record.scopes, ended: endings.of(record.id, expiresAt) }
  }
  const byCookie = (cookie: string, address: string, door: string): Caller => {
    const made = cookies.read(cookie)
    const login = made && findLogin(made.id)
    if (!made || !login || login.endedAt !== null) return failures.fail(address, 'This login has ended; open the console again with `steward start`.')
    used(login)
    return { ...owner(door), loginId: login.id, ended: endings.of(login.id, made.expiresAt) }
  }
  return {
    authenticate({ token, cookie, address = local }, door) {
      if (token === undefined && cookie === undefined)
        throw new Fault('unauthenticated', 'This needs a credential: send `Authorization: Bearer TOKEN`, or log in to the console.')
      const caller = token === undefined ? byCookie(cookie ?? '', address, door) : byToken(token, address, door)
      failures.forgive(address)
      return caller
    },
    prove(nonce, proof, door) {
      const given = Buffer.from(proof, 'base64url')
      const fits = (key: string) => {
        const right = createHmac('sha256', key).update(nonce).digest()
        return given.length === right.length && timingSafeEqual(given, right)
      }
      const isOwner = fits(ownerToken)
      if (!isOwner && !fits(gatewayKey))
        return failures.fail(local, 'The proof does not fit the token in run/token; read that file again and connect anew.')
      failures.forgive(local)
      return isOwner ? owner(door) : null
    },
  }
}
