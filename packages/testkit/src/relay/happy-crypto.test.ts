import { randomBytes } from 'node:crypto'
import nacl from 'tweetnacl'
import { describe, expect, test } from 'vitest'
import * as kit from './index.ts'

const size = (base64: string): number => Buffer.from(base64, 'base64').length
const changed = (base64: string, at: number): string => {
  const bytes = Buffer.from(base64, 'base64')
  bytes[(at + bytes.length) % bytes.length]! ^= 1
  return bytes.toString('base64')
}
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe("the existing clients' cryptography", () => {
  test('keys are derived as in the published examples of the clients', () => {
    const derive = (...path: string[]) => hex(kit.deriveKey(Buffer.from('test seed'), 'test usage', path))
    expect(derive()).toBe('e6e55652456f9fe47d6ff46ca3614e85b499f77e7b340fbbb1553307cedc1e74')
    expect(derive('child1')).toBe('d5eae039fb9143e9433bb1adc104c2ff5d7fa6751e680b4b1cbc7adf1af65bf3')
    expect(derive('child1', 'child2')).toBe('1011c097d2105d27362b987a631496bbf68b836124d1d072e9d1613c6028cf75')
  })

  test('a terminal opens what the phone answered it, in either version, and nobody else does', () => {
    const master = randomBytes(32)
    const [terminal, other] = [kit.newBoxKeyPair(), kit.newBoxKeyPair()]
    const old = kit.answerPairingV1(terminal.publicKey, master)
    const now = kit.answerPairingV2(terminal.publicKey, master)
    expect([size(old), size(now)]).toEqual([104, 105])
    expect(kit.openPairing(old, terminal.secretKey)).toEqual({ version: 1, master: new Uint8Array(master) })
    expect(kit.openPairing(now, terminal.secretKey)).toEqual({ version: 2, contentPublicKey: kit.contentKeyPair(master).publicKey })
    for (const response of [old, now]) {
      expect(kit.openPairing(response, other.secretKey)).toBeNull()
      expect(kit.openPairing(changed(response, -1), terminal.secretKey)).toBeNull()
      expect(kit.openPairing(response.slice(0, 40), terminal.secretKey)).toBeNull()
    }
  })

  test('a box is laid out as one-time key, nonce and box', () => {
    const master = randomBytes(32)
    const terminal = kit.newBoxKeyPair()
    const bytes = new Uint8Array(Buffer.from(kit.answerPairingV1(terminal.publicKey, master), 'base64'))
    const plain = nacl.box.open(bytes.slice(56), bytes.slice(32, 56), bytes.slice(0, 32), terminal.secretKey)
    expect(hex(plain!)).toBe(hex(master))
  })

  test('a data key sealed by a terminal that knows only the content public key is opened by the phone', () => {
    const content = kit.contentKeyPair(randomBytes(32))
    const dataKey = randomBytes(32)
    const sealed = kit.sealDataKey(dataKey, content.publicKey)
    expect(size(sealed)).toBe(105)
    expect(hex(kit.openDataKey(sealed, content.secretKey)!)).toBe(hex(dataKey))
    expect(kit.openDataKey(sealed, kit.newBoxKeyPair().secretKey)).toBeNull()
    expect(kit.openDataKey(changed(sealed, 0), content.secretKey)).toBeNull()
  })

  test.each([
    ['under a data key', kit.sealPayload, kit.openPayload],
    ['of the legacy kind', kit.sealLegacyPayload, kit.openLegacyPayload],
  ])('a payload %s comes back as it was, and not at all with another key or when a byte was changed', (_kind, seal, open) => {
    const key = randomBytes(32)
    const value = { role: 'user', content: { type: 'text', text: 'Grüße 👋' } }
    const payload = seal(value, key)
    expect(open(payload, key)).toEqual(value)
    expect(seal(value, key)).not.toBe(payload)
    expect(open(payload, randomBytes(32))).toBeNull()
    for (const at of [0, 5, 30, -1]) expect(open(changed(payload, at), key), String(at)).toBeNull()
    expect(open('AAAA', key)).toBeNull()
  })

  test('an attachment comes back byte for byte under its key', () => {
    const key = kit.deriveKey(randomBytes(32), 'Happy Blobs', ['session'])
    const plain = randomBytes(100_000)
    const sealed = kit.sealBytes(plain, key)
    expect(sealed.length).toBe(100_040)
    expect(Buffer.compare(kit.openBytes(sealed, key)!, plain)).toBe(0)
    expect(kit.openBytes(sealed, randomBytes(32))).toBeNull()
  })
})
