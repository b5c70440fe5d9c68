import { createHmac } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Fault } from '@steward/contract'
import type { Caller } from '@steward/kernel'
import { createHome, createRoomHarness, ownerCaller, type RoomHarness } from '../../../test/room-harness.ts'
import { createFailures } from './failures.ts'
import { createOwnerToken } from './owner-token.ts'

let rooms: RoomHarness
beforeEach(async () => void (rooms = await createRoomHarness()))
afterEach(async () => {
  vi.useRealTimers()
  await rooms.close()
})
const faultOf = (work: () => unknown): Fault => {
  try {
    work()
  } catch (error) {
    return error as Fault
  }
  throw new Error('It was expected to throw.')
}
const login = (credential: Parameters<RoomHarness['tokens']['authenticator']['authenticate']>[0]): Caller =>
  rooms.tokens.authenticator.authenticate(credential, 'http')
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()

test("the owner's token is kept in a file for the owner alone and opens every door", async () => {
  const file = path.join(rooms.home, 'run', 'token')
  expect(readFileSync(file, 'utf8').trim()).toBe(rooms.ownerToken)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(createOwnerToken(rooms.home)).toBe(rooms.ownerToken)
  expect(login({ token: rooms.ownerToken })).toMatchObject({ id: 'owner', kind: 'owner', scopes: ['*'], door: 'http' })
  writeFileSync(file, 'cut')
  expect(faultOf(() => createOwnerToken(rooms.home))).toMatchObject({ code: 'unavailable' })
})
test('a token is shown once, kept as a hash, and logs in with its scopes', async () => {
  const { token, secret } = await rooms.ask('tokens.create', { name: 'ci', scopes: ['sessions:read'] })
  expect(secret).toMatch(/^stw_[\w-]{43}$/)
  expect(login({ token: secret })).toMatchObject({ id: token.id, kind: 'token', scopes: ['sessions:read'] })
  const stored =
    JSON.stringify(await rooms.ask('events.list', { log: 'settings' })) +
    readFileSync(rooms.stores.settings.path, 'latin1') +
    readFileSync(`${rooms.stores.settings.path}-wal`, 'latin1')
  expect(stored).toContain(token.id)
  expect(stored).not.toContain(secret)
})
test('a token can make no wider one, nor one that outlives it', async () => {
  const ends = inAnHour()
  const { secret } = await rooms.ask('tokens.create', { name: 'a', scopes: ['tokens:write', 'sessions:*'], expiresAt: ends })
  const caller = login({ token: secret })
  for (const scope of ['*', '*:read', 'tokens:*', 'files:read'])
    expect(await rooms.refusal('tokens.create', { name: 'b', scopes: [scope] }, caller)).toMatchObject({ code: 'forbidden' })
  expect(
    await rooms.refusal('tokens.create', { name: 'b', scopes: ['sessions:read'], expiresAt: new Date(Date.now() + 7_200_000).toISOString() }, caller),
  ).toMatchObject({ code: 'forbidden' })
  expect((await rooms.ask('tokens.create', { name: 'b', scopes: ['sessions:read'] }, { caller })).token).toMatchObject({
    createdBy: caller.id,
    expiresAt: ends,
  })
})
test('an end that has passed is refused', async () => {
  expect(await rooms.refusal('tokens.create', { name: 'a', scopes: ['*'], expiresAt: '2020-01-01T00:00:00Z' })).toMatchObject({
    code: 'unprocessable',
  })
})
test('a revoked token never logs in again and ends the connections it has open', async () => {
  const { token, secret } = await rooms.ask('tokens.create', { name: 'a', scopes: ['*:read'] })
  const caller = login({ token: secret })
  expect(caller.ended?.aborted).toBe(false)
  await rooms.ask('tokens.revoke', { id: token.id })
  expect(caller.ended?.aborted).toBe(true)
  expect(faultOf(() => login({ token: secret }))).toMatchObject({ code: 'unauthenticated' })
  expect((await rooms.ask('tokens.list', {})).items[0]?.revokedAt).not.toBeNull()
  expect(await rooms.refusal('tokens.revoke', { id: 'tok_none' })).toMatchObject({ code: 'not_found' })
})
test('an expired token never logs in again and ends the connections it has open', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
  const { secret } = await rooms.ask('tokens.create', { name: 'a', scopes: ['*'], expiresAt: inAnHour() })
  const caller = login({ token: secret })
  vi.advanceTimersByTime(3_599_000)
  expect(caller.ended?.aborted).toBe(false)
  vi.advanceTimersByTime(2_000)
  expect(caller.ended?.aborted).toBe(true)
  expect(faultOf(() => login({ token: secret }))).toMatchObject({ code: 'unauthenticated' })
})
test('a token that ends in fifty days is not ended by the limit of timers', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
  const { secret } = await rooms.ask('tokens.create', { name: 'a', scopes: ['*'], expiresAt: new Date(Date.now() + 50 * 86_400_000).toISOString() })
  const caller = login({ token: secret })
  vi.advanceTimersByTime(49 * 86_400_000)
  expect(caller.ended?.aborted).toBe(false)
  vi.advanceTimersByTime(2 * 86_400_000)
  expect(caller.ended?.aborted).toBe(true)
})
test('wrong tokens are answered too_many after a while, per address, and a right one still gets in', () => {
  const wrong = (address: string) => faultOf(() => login({ token: 'stw_wrong', address })).code
  for (let n = 0; n < 20; n++) expect(wrong('1.2.3.4')).toBe('unauthenticated')
  expect(wrong('1.2.3.4')).toBe('too_many')
  expect(wrong('5.6.7.8')).toBe('unauthenticated')
  expect(login({ token: rooms.ownerToken, address: '1.2.3.4' }).kind).toBe('owner')
  expect(wrong('1.2.3.4')).toBe('unauthenticated')
})
test('failures are forgotten after a minute and remembered for a bounded number of addresses', () => {
  let time = 0
  const failures = createFailures(1, () => time)
  const code = (address: string) => faultOf(() => failures.fail(address, 'no')).code
  expect([code('a'), code('a')]).toEqual(['unauthenticated', 'too_many'])
  time = 60_000
  expect(code('a')).toBe('unauthenticated')
  for (let n = 0; n < 20_000; n++) code(`x${n}`)
  expect(failures.size()).toBe(10_000)
})
test('a missing credential is refused without being counted', () => {
  for (let n = 0; n < 50; n++) expect(faultOf(() => login({ address: '1.2.3.4' })).code).toBe('unauthenticated')
})
test('a local program proves that it knows the token without sending it', () => {
  const { authenticator } = rooms.tokens
  const proof = createHmac('sha256', rooms.ownerToken).update('nonce').digest('base64url')
  expect(authenticator.prove('nonce', proof, 'ipc')).toMatchObject({ kind: 'owner', door: 'ipc' })
  for (let n = 0; n < 20; n++) expect(faultOf(() => authenticator.prove('another', proof, 'ipc')).code).toBe('unauthenticated')
  expect(faultOf(() => authenticator.prove('another', '', 'ipc')).code).toBe('too_many')
})
test('a login code opens the console once, within a minute, for the owner alone', async () => {
  const { code, url } = await rooms.ask('logins.create', {})
  expect(url).toBe(`http://127.0.0.1:4100/app/login#code=${code}`)
  const { cookie, maxAgeSeconds } = await rooms.tokens.redeem(code)
  expect(maxAgeSeconds).toBe(30 * 86_400)
  expect(login({ cookie })).toMatchObject({ kind: 'owner', scopes: ['*'] })
  await expect(rooms.tokens.redeem(code)).rejects.toMatchObject({ code: 'unauthenticated' })
  const token: Caller = { id: 'tok_x', kind: 'token', door: 'http', scopes: ['*'] }
  expect(await rooms.refusal('logins.create', {}, token)).toMatchObject({ code: 'forbidden' })
  vi.useFakeTimers({ toFake: ['Date'] })
  const late = await rooms.ask('logins.create', {})
  vi.setSystemTime(Date.now() + 61_000)
  await expect(rooms.tokens.redeem(late.code)).rejects.toMatchObject({ code: 'unauthenticated' })
})
test('a login survives a restart, ends after 30 days, and a forged one is refused', async () => {
  const { home, dispose } = createHome()
  const before = await createRoomHarness({ home })
  const { cookie } = await before.tokens.redeem((await before.ask('logins.create', {})).code)
  await before.close()
  const after = await createRoomHarness({ home })
  const enter = (text: string) => after.tokens.authenticator.authenticate({ cookie: text }, 'http')
  expect(enter(cookie).kind).toBe('owner')
  const [expiry = '', id = '', mac = ''] = cookie.split('.')
  expect(faultOf(() => enter(`${Number(expiry) + 1}.${id}.${mac}`)).code).toBe('unauthenticated')
  expect(faultOf(() => rooms.tokens.authenticator.authenticate({ cookie }, 'http')).code).toBe('unauthenticated')
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(Date.now() + 31 * 86_400_000)
  expect(faultOf(() => enter(cookie)).code).toBe('unauthenticated')
  vi.useRealTimers()
  await after.close()
  dispose()
})
test('browsers that have logged in are listed with what they call themselves, and one that is logged out is out at once', async () => {
  const enter = async (client: string) => {
    const { code } = await rooms.ask('logins.create', {})
    return rooms.tokens.redeem(code, { address: '10.0.0.7', client })
  }
  const [phone, desk] = [await enter('A phone'), await enter('A desk')]
  const [onPhone, onDesk] = [login({ cookie: phone.cookie }), login({ cookie: desk.cookie })]
  const { items } = await rooms.ask('logins.list', {}, { caller: onDesk })
  expect(items).toMatchObject([
    { client: 'A desk', address: '10.0.0.7', current: true, endedAt: null },
    { client: 'A phone', current: false, endedAt: null },
  ])
  expect(items[0]?.lastUsedAt).not.toBeNull()
  expect(JSON.stringify(items)).not.toContain(phone.cookie.slice(-43))
  const lost = items[1]?.id ?? ''
  await rooms.ask('logins.end', { id: lost }, { caller: onDesk })
  expect([onPhone.ended?.aborted, onDesk.ended?.aborted]).toEqual([true, false])
  expect(faultOf(() => login({ cookie: phone.cookie }))).toMatchObject({ code: 'unauthenticated' })
  expect(login({ cookie: desk.cookie }).kind).toBe('owner')
  await rooms.ask('logins.end', { id: lost })
  expect((await rooms.ask('logins.list', {})).items.map(({ endedAt }) => endedAt === null)).toEqual([true, false])
  expect(await rooms.refusal('logins.end', { id: 'lgn_none' })).toMatchObject({ code: 'not_found' })
  const told = (await rooms.ask('events.list', { log: 'settings' })).items.map(({ name }) => name)
  expect(told.filter((name) => name.startsWith('login.'))).toEqual(['login.created', 'login.created', 'login.ended'])
})
test('a login of which nothing is known any more, as after a backup was restored, is out', async () => {
  const { cookie } = await rooms.tokens.redeem((await rooms.ask('logins.create', {})).code)
  rooms.stores.settings.db.prepare('DELETE FROM logins').run()
  expect(faultOf(() => login({ cookie }))).toMatchObject({ code: 'unauthenticated' })
})
test('the last use of a token is shown at once and written at most once a minute', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
  const { token, secret } = await rooms.ask('tokens.create', { name: 'a', scopes: ['*'] })
  const shown = async () => (await rooms.ask('tokens.list', {})).items.find(({ id }) => id === token.id)?.lastUsedAt
  const written = () =>
    (rooms.stores.settings.db.prepare('SELECT last_used_at AS at FROM tokens WHERE id = ?').get(token.id) as { at: string | null }).at
  login({ token: secret })
  expect(await shown()).not.toBeNull()
  expect(written()).toBeNull()
  vi.advanceTimersByTime(1_000)
  const first = written()
  expect(first).not.toBeNull()
  vi.advanceTimersByTime(30_000)
  login({ token: secret })
  vi.advanceTimersByTime(1_000)
  expect(written()).toBe(first)
  vi.advanceTimersByTime(31_000)
  login({ token: secret })
  vi.advanceTimersByTime(1_000)
  expect(written()).not.toBe(first)
})
test('whoami says who calls, and a replayed creation does not show the secret again', async () => {
  expect(await rooms.ask('tokens.whoami', {})).toEqual({ id: 'owner', kind: 'owner', door: 'test', scopes: ['*'] })
  await rooms.ask('tokens.create', { name: 'a', scopes: ['*'] }, { key: 'k' })
  expect(await rooms.refusal('tokens.create', { name: 'a', scopes: ['*'] }, ownerCaller, { key: 'k' })).toMatchObject({ code: 'conflict' })
})
