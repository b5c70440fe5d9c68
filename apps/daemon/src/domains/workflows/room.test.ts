import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHome, ownerCaller } from '../../../test/room-harness.ts'
import { createWorkflowHarness, type WorkflowHarness } from '../../../test/workflow-harness.ts'

let rooms: WorkflowHarness
beforeEach(async () => void (rooms = await createWorkflowHarness()))
afterEach(() => rooms.close())

const reading = (name = 'Reading', path = 'a.txt') => ({
  name,
  permissions: ['files:read'],
  steps: [{ id: 'a', toolId: 'files.read', inputs: { path } }],
})
const using = (workflowId: string, name = 'Using') => ({ name, permissions: ['files:read'], steps: [{ id: 'inner', workflowId, inputs: {} }] })
const weak = { ...ownerCaller, id: 'tok_1', kind: 'token' as const, scopes: ['workflows:*', 'executions:*', 'files:read'] }

test('a workflow is made in its first version, changed into the next, and both are kept and announced', async () => {
  const made = await rooms.ask('workflows.save', { ...reading(), description: 'Reads.', inputs: { type: 'object' } })
  expect(made).toMatchObject({ name: 'Reading', version: 1, description: 'Reads.', inputs: { type: 'object' }, createdBy: 'owner' })
  expect(made.id).toMatch(/^wfl_/)
  const next = await rooms.ask('workflows.save', { id: made.id, ...reading('Renamed', 'b.txt') }, { caller: weak })
  expect(next).toMatchObject({
    id: made.id,
    version: 2,
    name: 'Renamed',
    description: null,
    inputs: null,
    createdBy: 'tok_1',
    createdAt: made.createdAt,
  })
  expect(await rooms.ask('workflows.get', { id: made.id })).toEqual(next)
  expect(await rooms.ask('workflows.get', { id: made.id, version: 1 })).toEqual(made)
  expect(await rooms.events()).toEqual([
    { name: 'workflow.saved', data: { workflowId: made.id, version: 1, name: made.name, createdBy: 'owner' } },
    { name: 'workflow.saved', data: { workflowId: next.id, version: 2, name: next.name, createdBy: 'tok_1' } },
  ])
})
test('saving what is there already makes no version and announces nothing, however its fields are ordered', async () => {
  const made = await rooms.ask('workflows.save', reading())
  const { steps, permissions, name } = reading()
  expect(await rooms.ask('workflows.save', { steps, permissions, name, id: made.id })).toEqual(made)
  expect(await rooms.events()).toHaveLength(1)
})
test('an id that is unknown or no id at all is not found, and no file comes of it', async () => {
  const before = readdirSync(rooms.home, { recursive: true })
  for (const id of ['wfl_unknown', '../x', '..%2fx', '/etc/passwd', 'a\u0000b', 'Reading']) {
    for (const name of ['get', 'delete', 'versions', 'diff', 'export', 'run'] as const)
      expect(await rooms.refusal(`workflows.${name}`, { id })).toMatchObject({ code: 'not_found' })
    expect(await rooms.refusal('workflows.save', { id, ...reading() })).toMatchObject({ code: 'not_found' })
  }
  expect(readdirSync(rooms.home, { recursive: true })).toEqual(before)
  const { id } = await rooms.ask('workflows.save', reading())
  expect(await rooms.refusal('workflows.get', { id, version: 2 })).toMatchObject({
    code: 'not_found',
    message: expect.stringContaining('newest is 1'),
  })
})
test('a workflow with faults is refused with the places of all of them, and nothing is changed', async () => {
  const made = await rooms.ask('workflows.save', reading())
  const faulty = {
    name: 'Faulty',
    permissions: ['files:read'],
    steps: [
      { id: 'a', toolId: 'files.read', inputs: { path: '{{steps.none.outputs.x}}' } },
      { id: 'a', toolId: 'no.tool', inputs: {} },
      { id: 'c', toolId: 'files.write', inputs: { path: 'x', content: 'y' } },
    ],
  }
  const fault = await rooms.refusal('workflows.save', { id: made.id, ...faulty })
  expect(fault).toMatchObject({ code: 'unprocessable', message: expect.stringMatching(/^steps\[\d\].*: .+ \(and \d+ more\)\.$/) })
  const { problems } = fault.details as { problems: { path: string; message: string }[] }
  expect(problems.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['steps[0].inputs.path', 'steps[1].id', 'steps[1].toolId', 'steps[2].toolId']),
  )
  expect(await rooms.ask('workflows.get', { id: made.id })).toEqual(made)
  expect(await rooms.events()).toHaveLength(1)
})
test('steps that wait for each other, a workflow inside itself, and a tool that needs a session are refused', async () => {
  const circle = [
    { id: 'a', toolId: 'files.read', inputs: { path: '{{steps.b.outputs.path}}' } },
    { id: 'b', toolId: 'files.read', inputs: { path: 'x' }, dependsOn: ['a'] },
  ]
  expect(await rooms.refusal('workflows.save', { ...reading(), steps: circle })).toMatchObject({ code: 'unprocessable' })
  const { id } = await rooms.ask('workflows.save', reading())
  expect(await rooms.refusal('workflows.save', { id, ...using(id) })).toMatchObject({
    code: 'unprocessable',
    message: expect.stringContaining('itself'),
  })
  const outer = await rooms.ask('workflows.save', using(id))
  expect(await rooms.refusal('workflows.save', { id, ...using(outer.id) })).toMatchObject({ code: 'unprocessable' })
  // By its id only: a name may come to mean another workflow.
  expect(await rooms.refusal('workflows.save', using('Reading'))).toMatchObject({ code: 'unprocessable' })
  const asking = { name: 'Asking', permissions: ['*'], steps: [{ id: 'a', toolId: 'ask.questions', inputs: {} }] }
  expect(await rooms.refusal('workflows.save', asking)).toMatchObject({ code: 'unprocessable' })
})
test('a workflow is never saved wider than who saves it', async () => {
  const wide = { ...reading(), permissions: ['files:read', 'shell:run'] }
  expect(await rooms.refusal('workflows.save', wide, { caller: weak })).toMatchObject({
    code: 'forbidden',
    message: expect.stringContaining('shell:run'),
  })
  expect(await rooms.refusal('workflows.save', { ...reading(), permissions: ['files:*'] }, { caller: weak })).toMatchObject({ code: 'forbidden' })
  const made = await rooms.ask('workflows.save', wide)
  // Not even without a change: that would be a way to be told that it fits.
  expect(await rooms.refusal('workflows.save', { id: made.id, ...wide }, { caller: weak })).toMatchObject({ code: 'forbidden' })
  expect((await rooms.ask('workflows.save', { id: made.id, ...reading() }, { caller: weak })).version).toBe(2)
})
test('a deleted workflow is gone with its versions; one that others use stays until they are gone', async () => {
  const { id } = await rooms.ask('workflows.save', reading())
  const outer = await rooms.ask('workflows.save', using(id))
  expect(await rooms.refusal('workflows.delete', { id })).toMatchObject({ code: 'conflict', message: expect.stringContaining(outer.id) })
  await rooms.ask('workflows.save', { id: outer.id, ...reading('Using no more') })
  expect(await rooms.ask('workflows.delete', { id })).toBeNull()
  expect(await rooms.refusal('workflows.get', { id, version: 1 })).toMatchObject({ code: 'not_found' })
  expect(await rooms.refusal('workflows.delete', { id })).toMatchObject({ code: 'not_found' })
  expect((await rooms.events()).at(-1)).toEqual({ name: 'workflow.deleted', data: { workflowId: id } })
})
test('workflows come in pages, the one changed last first; versions newest first; foreign cursors are refused', async () => {
  const ids: string[] = []
  for (let n = 0; n < 5; n++) ids.push((await rooms.ask('workflows.save', reading(`w${n}`))).id)
  await rooms.ask('workflows.save', { id: ids[1]!, ...reading('w1', 'b') })
  const first = await rooms.ask('workflows.list', { limit: 3 })
  const second = await rooms.ask('workflows.list', { limit: 3, cursor: first.nextCursor! })
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['w1', 'w4', 'w3', 'w2', 'w0'])
  expect(second.nextCursor).toBeNull()
  for (const path of ['c', 'd']) await rooms.ask('workflows.save', { id: ids[1]!, ...reading('w1', path) })
  const newer = await rooms.ask('workflows.versions', { id: ids[1]!, limit: 3 })
  const older = await rooms.ask('workflows.versions', { id: ids[1]!, limit: 3, cursor: newer.nextCursor! })
  expect([...newer.items, ...older.items].map(({ version }) => version)).toEqual([4, 3, 2, 1])
  expect(older.nextCursor).toBeNull()
  expect(await rooms.refusal('workflows.list', { cursor: 'nonsense' })).toMatchObject({ code: 'invalid' })
  expect(await rooms.refusal('workflows.list', { cursor: newer.nextCursor! })).toMatchObject({ code: 'invalid' })
  expect(await rooms.refusal('workflows.versions', { id: ids[1]!, cursor: first.nextCursor! })).toMatchObject({ code: 'invalid' })
})
test('a page of large workflows ends early and goes on without a gap', async () => {
  for (let n = 0; n < 6; n++)
    await rooms.ask('workflows.save', { ...reading(`w${n}`, 'x'), description: 'd', inputs: { description: 'x'.repeat(900_000) } })
  const first = await rooms.ask('workflows.list', {})
  const second = await rooms.ask('workflows.list', { cursor: first.nextCursor! })
  expect(first.items.length).toBeLessThan(6)
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['w5', 'w4', 'w3', 'w2', 'w1', 'w0'])
})
test('two versions are compared line by line: the newest with the one before, or those that are named', async () => {
  const { id } = await rooms.ask('workflows.save', reading('Reading', 'a.txt'))
  expect(await rooms.ask('workflows.diff', { id })).toEqual({ from: 1, to: 1, diff: '' })
  await rooms.ask('workflows.save', { id, ...reading('Reading', 'b.txt') })
  await rooms.ask('workflows.save', { id, ...reading('Reading again', 'b.txt') })
  const { diff, ...of } = await rooms.ask('workflows.diff', { id })
  expect(of).toEqual({ from: 2, to: 3 })
  expect(diff).toBe(
    `--- version 2\n+++ version 3\n@@ -1,5 +1,5 @@\n id: ${id}\n-name: Reading\n+name: Reading again\n permissions:\n   - files:read\n steps:\n`,
  )
  expect((await rooms.ask('workflows.diff', { id, from: 1, to: 2 })).diff).toContain('-      path: a.txt\n+      path: b.txt\n')
  expect(await rooms.ask('workflows.diff', { id, to: 2 })).toMatchObject({ from: 1, to: 2 })
  expect(await rooms.ask('workflows.diff', { id, from: 1 })).toMatchObject({ from: 1, to: 3 })
  expect(await rooms.refusal('workflows.diff', { id, from: 4 })).toMatchObject({ code: 'not_found' })
})
test('a workflow is found by its id or by its name, unless several have it', async () => {
  const inner = await rooms.ask('workflows.save', reading('Inner'))
  const { id } = await rooms.ask('workflows.save', using(inner.id, 'Outer'))
  const resolved = rooms.resolve('Outer')
  expect(resolved).toMatchObject({ id, version: 1, program: { permissions: ['files:read'] } })
  expect(resolved).toEqual(rooms.resolve(id))
  expect(resolved.program.steps[0]).toMatchObject({
    kind: 'workflow',
    workflowId: inner.id,
    version: 1,
    program: { steps: [{ kind: 'tool', toolId: 'files.read' }] },
  })
  expect(() => rooms.resolve('Nobody')).toThrow(expect.objectContaining({ code: 'not_found' }))
  const twin = await rooms.ask('workflows.save', reading('Outer'))
  expect(() => rooms.resolve('Outer')).toThrow(expect.objectContaining({ code: 'conflict', details: { ids: [id, twin.id] } }))
  expect(rooms.resolve(twin.id).id).toBe(twin.id)
  // A name that is another's id does not hide that one.
  const sly = await rooms.ask('workflows.save', reading(id))
  expect(rooms.resolve(id).id).toBe(id)
  expect(rooms.resolve(sly.id).id).toBe(sly.id)
})
test('a workflow whose tool needs more than it did cannot be run, and says why; one whose tool is not there yet can', async () => {
  const { id } = await rooms.ask('workflows.save', reading())
  expect(rooms.awaited).toEqual(['files.read'])
  rooms.changed.set('files.read', { permissions: ['files:read', 'shell:run'] })
  expect(() => rooms.resolve(id)).toThrow(expect.objectContaining({ code: 'unprocessable', message: expect.stringContaining('shell:run') }))
  rooms.changed.set('files.read', undefined)
  expect(rooms.resolve(id).program.steps).toMatchObject([{ toolId: 'files.read' }])
  expect(await rooms.refusal('workflows.save', { id, ...reading('Again') })).toMatchObject({ code: 'unprocessable' })
  expect((await rooms.ask('workflows.get', { id })).version).toBe(1)
})
test('running a workflow starts an execution of it, with all that was said, and answers how that stands', async () => {
  const { id } = await rooms.ask('workflows.save', reading())
  const outcome = await rooms.ask('workflows.run', { id: 'Reading', inputs: { k: 'v' }, waitMs: 5, dryRun: true, workspace: { path: '/w' } })
  expect(outcome).toEqual({ id: 'exe_1', status: 'completed', outputs: { a: 1 } })
  await rooms.ask('workflows.run', { id })
  expect(rooms.started).toEqual([
    { workflowId: id, inputs: { k: 'v' }, waitMs: 5, dryRun: true, workspace: { path: '/w' } },
    { workflowId: id, waitMs: 30_000, dryRun: false },
  ])
})
test('the same save with the same key is done once', async () => {
  const first = await rooms.ask('workflows.save', reading(), { key: 'k' })
  expect(await rooms.ask('workflows.save', reading(), { key: 'k' })).toEqual(first)
  expect((await rooms.ask('workflows.list', {})).items).toHaveLength(1)
  const same = await rooms.ask('workflows.save', { id: first.id, ...reading() }, { key: 'l' })
  expect(await rooms.ask('workflows.save', { id: first.id, ...reading() }, { key: 'l' })).toEqual(same)
})
test('workflows and their versions are there after a restart', async () => {
  const { home, dispose } = createHome()
  const before = await createWorkflowHarness(home)
  const { id } = await before.ask('workflows.save', reading())
  const newest = await before.ask('workflows.save', { id, ...reading('Reading', 'b.txt') })
  await before.close()
  const after = await createWorkflowHarness(home)
  expect((await after.ask('workflows.list', {})).items).toEqual([newest])
  expect((await after.ask('workflows.versions', { id })).items.map(({ version }) => version)).toEqual([2, 1])
  await after.close()
  dispose()
})
