import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRoomHarness, type RoomHarness } from '../../../test/room-harness.ts'

let rooms: RoomHarness
beforeEach(async () => void (rooms = await createRoomHarness()))
afterEach(() => rooms.close())

test('a fresh install has a default agent that may use every tool', async () => {
  const agent = await rooms.ask('agents.get', { id: 'agt_default' })
  expect(agent).toMatchObject({ name: 'Steward', tools: ['*'], isDefault: true, runtime: 'native', model: null })
  expect(agent.instructions.length).toBeGreaterThan(200)
})
test('an agent is created with defaults, changed in part and announced', async () => {
  const made = await rooms.ask('agents.create', { name: 'Scribe', limits: { steps: 5 } })
  expect(made).toMatchObject({ name: 'Scribe', tools: ['*'], limits: { steps: 5 }, isDefault: false })
  const changed = await rooms.ask('agents.update', { id: made.id, model: 'anthropic/claude-opus-5', budgetUsd: 0.5 })
  expect(changed).toMatchObject({ name: 'Scribe', model: 'anthropic/claude-opus-5', budgetUsd: 0.5, limits: { steps: 5 } })
  expect(await rooms.ask('agents.get', { id: made.id })).toEqual(changed)
  const { items } = await rooms.ask('events.list', { log: 'agents' })
  expect(items.map(({ name }) => name).filter((name) => name.startsWith('agent.'))).toEqual(['agent.created', 'agent.updated'])
})
test('making another agent the default leaves exactly one default, listed first', async () => {
  const made = await rooms.ask('agents.create', { name: 'Scribe' })
  expect(await rooms.ask('agents.update', { id: made.id, isDefault: true })).toMatchObject({ isDefault: true })
  const { items } = await rooms.ask('agents.list', {})
  expect(items.map(({ id, isDefault }) => [id, isDefault])).toEqual([
    [made.id, true],
    ['agt_default', false],
  ])
  expect(rooms.agents.findDefault().id).toBe(made.id)
})
test('the default agent cannot be deleted; another can, and its sessions fall back to the default', async () => {
  expect(await rooms.refusal('agents.delete', { id: 'agt_default' })).toMatchObject({ code: 'conflict' })
  const { id } = await rooms.ask('agents.create', { name: 'Scribe' })
  expect(rooms.agents.resolve(id).id).toBe(id)
  expect(await rooms.ask('agents.delete', { id })).toBeNull()
  expect(rooms.agents.resolve(id).id).toBe('agt_default')
  expect(await rooms.refusal('agents.delete', { id })).toMatchObject({ code: 'not_found' })
  expect(await rooms.refusal('agents.update', { id, name: 'x' })).toMatchObject({ code: 'not_found' })
})
test('agents come in pages without a gap or a double, and a foreign cursor is refused', async () => {
  for (let n = 0; n < 5; n++) await rooms.ask('agents.create', { name: `a${n}` })
  const first = await rooms.ask('agents.list', { limit: 4 })
  const second = await rooms.ask('agents.list', { limit: 4, cursor: first.nextCursor ?? '' })
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['Steward', 'a0', 'a1', 'a2', 'a3', 'a4'])
  expect(second.nextCursor).toBeNull()
  expect(await rooms.refusal('agents.list', { cursor: 'nonsense' })).toMatchObject({ code: 'invalid' })
})
