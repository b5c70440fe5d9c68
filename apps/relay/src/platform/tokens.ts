import { createHmac } from 'node:crypto'
import { Fault } from '@steward/contract'
import { jwtVerify } from 'jose'
import type { Holder } from '../caller.ts'

const issuer = 'steward-relay'
/** When a token ends that is signed now, milliseconds since 1970: tokens know whole seconds only (RFC 7519 §2), and its device ends with it. */
export const endOf = (now: number, lifeMs: number): number => Math.floor((now + lifeMs) / 1_000) * 1_000

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const head = encoded({ alg: 'HS256', typ: 'JWT' })
/**
 * Signs and reads the relay's tokens: JWT (RFC 7519) with HMAC-SHA256. Which of them still count is the devices' matter. Signed here, since WebCrypto's way over a
 * thread costs a login an eighth of its time; read by the library, which knows what a forger tries.
 */
export function createTokens(key: Uint8Array) {
  return {
    sign({ accountId, deviceId, expiresAt }: Holder): string {
      const claims = { iss: issuer, sub: accountId, did: deviceId, iat: Math.floor(Date.now() / 1_000), exp: Math.floor(expiresAt / 1_000) }
      const signed = `${head}.${encoded(claims)}`
      return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
    },
    /** Throws Fault `unauthenticated` for a token that is forged, broken or expired. */
    async read(token: string): Promise<Holder> {
      try {
        const { payload } = await jwtVerify(token, key, { issuer, algorithms: ['HS256'], requiredClaims: ['sub', 'exp', 'did'] })
        return { accountId: String(payload.sub), deviceId: String(payload['did']), expiresAt: Number(payload.exp) * 1_000 }
      } catch (error) {
        throw new Fault('unauthenticated', 'Invalid token', undefined, { cause: error })
      }
    },
  }
}
export type Tokens = ReturnType<typeof createTokens>
