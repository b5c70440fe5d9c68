import { createHmac, generateKeyPairSync, hkdfSync, sign } from 'node:crypto'
import type { World } from './world.ts'

const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')
const hs256 = (key: Uint8Array | string, head: object, claims: object) => {
  const signed = `${encoded(head)}.${encoded(claims)}`
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
}
/** The key that the relay signs with, of the master secret of the tests: a forger who has it is more than a forger, but some of what he writes must count for nothing. */
const keyOf = (secret: string, purpose = 'tokens/1') => new Uint8Array(hkdfSync('sha256', secret, '', `steward-relay/${purpose}`, 32))

/** Tokens that count for nothing, made of one that counts, by what is wrong with them. */
export function badTokens(secret: string, token: string, { account, device }: World, strangersDevice: string): Readonly<Record<string, string>> {
  const [head = '', claims = '', signature = ''] = token.split('.')
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
  const now = Math.floor(Date.now() / 1_000)
  const key = keyOf(secret)
  const usual = { alg: 'HS256', typ: 'JWT' }
  const victims = { iss: 'steward-relay', sub: account, did: device, iat: now, exp: now + 3_600 }
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const jwk = { alg: 'EdDSA', jwk: publicKey.export({ format: 'jwk' }) }
  const signedByHimself = `${encoded(jwk)}.${encoded(victims)}`
  return {
    'that is no token': 'x',
    'of dots': '..',
    'cut short': token.slice(0, -2),
    'with a changed signature': `${head}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
    'without a signature': `${head}.${claims}.`,
    'for another account': `${head}.${encoded({ ...said, sub: account })}.${signature}`,
    'that ends later than it did': `${head}.${encoded({ ...said, exp: now + 1e9 })}.${signature}`,
    'with the algorithm none': `${encoded({ alg: 'none' })}.${encoded(victims)}.`,
    'with the algorithm None, and the signature kept': `${encoded({ alg: 'None' })}.${claims}.${signature}`,
    'of another secret': hs256(keyOf(`${secret}x`), usual, victims),
    'of an empty secret': hs256('', usual, victims),
    'of the secret as it stands': hs256(secret, usual, victims),
    'of the key for challenges': hs256(keyOf(secret, 'challenges/1'), usual, victims),
    'that carries its own key': `${signedByHimself}.${sign(null, Buffer.from(signedByHimself), privateKey).toString('base64url')}`,
    'that has expired': hs256(key, usual, { ...victims, exp: now - 1 }),
    'that begins later': hs256(key, usual, { ...victims, nbf: now + 3_600 }),
    'without an end': hs256(key, usual, { ...victims, exp: undefined }),
    'without an account': hs256(key, usual, { ...victims, sub: undefined }),
    'without a device': hs256(key, usual, { ...victims, did: undefined }),
    'of another issuer': hs256(key, usual, { ...victims, iss: 'handy' }),
    'of a device that never was': hs256(key, usual, { ...victims, did: 'c00000000000000000000000' }),
    "of another account's device": hs256(key, usual, { ...victims, did: strangersDevice }),
    'with an extension that must be understood': hs256(key, { ...usual, crit: ['x'], x: 1 }, victims),
    'with other types of claims': hs256(key, usual, { ...victims, sub: { toString: 'x' }, did: [device] }),
  }
}
