import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { protocol } from '@steward/contract/daemon'
import { createRoomHarness, ownerCaller, type RoomHarness } from '../../../test/room-harness.ts'

let rooms: RoomHarness
beforeEach(async () => void (rooms = await createRoomHarness()))
afterEach(() => rooms.close())

test('the version is that of the program', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  expect(await rooms.ask('system.version', {})).toEqual({ version, protocol, node: process.versions.node })
})
test('the status tells where the data is and how the databases do', async () => {
  const status = await rooms.ask('system.status', {})
  expect(status).toMatchObject({ home: rooms.home, pid: process.pid, sandbox: 'none', url: null })
  expect(status.databases.map(({ name, healthy }) => [name, healthy])).toEqual([
    ['chat', true],
    ['agents', true],
    ['settings', true],
  ])
  expect(status.uptimeMs).toBeGreaterThanOrEqual(0)
})
test('only an administrator stops the daemon', async () => {
  const reader = { ...ownerCaller, scopes: ['*:read'] }
  expect(await rooms.refusal('system.stop', {}, reader)).toMatchObject({ code: 'forbidden' })
  expect(rooms.stopped).toEqual([])
  expect(await rooms.ask('system.stop', {})).toEqual({ pid: process.pid })
  expect(rooms.stopped).toEqual(['stop'])
})
