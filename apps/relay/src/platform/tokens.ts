import { Fault } from '@steward/contract'
import { jwtVerify, SignJWT } from 'jose'
import type { Holder } from '../caller.ts'

const issuer = 'steward-relay'
/** When a token ends that is signed now, milliseconds since 1970: tokens know whole seconds only (RFC 7519 §2), and its device ends with it. */
export const endOf = (now: number, lifeMs: number): number => Math.floor((now + lifeMs) / 1_000) * 1_000
/** Signs and reads the relay's tokens: JWT (RFC 7519) with HMAC-SHA256. Which of them still count is the devices' matter. */
export function createTokens(key: Uint8Array) {
  return {
    sign: ({ accountId, deviceId, expiresAt }: Holder): Promise<string> =>
      new SignJWT({ did: deviceId })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(accountId)
        .setIssuer(issuer)
        .setIssuedAt()
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(key),
    /** Throws Fault `unauthenticated` for a token that is forged, broken or expired. */
    async read(token: string): Promise<Holder> {
      try {
        const { payload } = await jwtVerify(token, key, { issuer, algorithms: ['HS256'], requiredClaims: ['sub', 'exp', 'did'] })
        return { accountId: String(payload.sub), deviceId: String(payload['did']), expiresAt: Number(payload.exp) * 1000 }
      } catch (error) {
        throw new Fault('unauthenticated', 'Invalid token', undefined, { cause: error })
      }
    },
  }
}
export type Tokens = ReturnType<typeof createTokens>
