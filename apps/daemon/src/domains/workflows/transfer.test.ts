import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownerCaller } from '../../../test/room-harness.ts'
import { bodyOf, createWorkflowHarness, type WorkflowHarness } from '../../../test/workflow-harness.ts'

let rooms: WorkflowHarness
beforeEach(async () => void (rooms = await createWorkflowHarness()))
afterEach(() => rooms.close())

const full = {
  name: 'Café & Co: "daily"',
  description: 'Line one\nline two\n',
  inputs: {
    type: 'object',
    properties: { paths: { type: 'array', items: { type: 'string' } }, '<<': {}, '1': { default: null } },
    required: ['paths'],
  },
  permissions: ['files:read', 'files:write'],
  steps: [
    {
      id: 'a',
      toolId: 'files.read',
      inputs: { path: '{{ item }}' },
      if: 'inputs.paths | length > 0',
      forEach: { in: 'inputs.paths', limit: 10 },
      retry: { max: 2, backoffMs: 100 },
      timeoutMs: 5000,
      onError: 'continue' as const,
    },
    {
      id: 'b',
      toolId: 'files.write',
      inputs: { path: 'out.txt', content: '{{ steps.a.outputs | map: "content" | join: "\\n" }}' },
      onError: { goto: 'c' },
    },
    { id: 'c', toolId: 'files.write', inputs: { path: 'sorry.txt', content: "  it's\n\n- over: #1\n" } },
  ],
}
const importing = (text: string | Uint8Array, options = {}) => rooms.ask('workflows.import', {}, { body: bodyOf(text), ...options })
const refusing = (text: string | Uint8Array, options = {}) => rooms.refusal('workflows.import', {}, { body: bodyOf(text), ...options })

test('an exported workflow is YAML under a plain name, and imported again it is exactly what it was', async () => {
  const made = await rooms.ask('workflows.save', full)
  const { value, text } = await rooms.download({ id: made.id })
  expect(value).toEqual({ name: 'cafe-co-daily.yaml', mediaType: 'application/yaml', size: Buffer.byteLength(text) })
  expect(text.split('\n').slice(0, 2)).toEqual([`id: ${made.id}`, `name: 'Café & Co: "daily"'`])
  // Nothing changed, so the id's next version is the one that there is.
  expect(await importing(text)).toEqual(made)
  await rooms.ask('workflows.delete', { id: made.id })
  const { id, version, createdAt, updatedAt, ...fields } = await importing(text)
  expect(id).not.toBe(made.id)
  expect({ ...made, ...fields }).toEqual(made)
  expect([version, createdAt]).toEqual([1, updatedAt])
})
test('an earlier version and a range of the bytes can be downloaded', async () => {
  const { id } = await rooms.ask('workflows.save', full)
  await rooms.ask('workflows.save', { ...full, id, name: 'Other' })
  expect((await rooms.download({ id, version: 1 })).text).toContain('Café')
  expect((await rooms.download({ id }, { start: 4, end: 3 + id.length })).text).toBe(id)
})
test('a file with a known id makes its next version, with an unknown one or none a new workflow', async () => {
  const yaml = 'name: Reading\npermissions: [files:read]\nsteps: [{id: a, toolId: files.read, inputs: {path: a.txt}}]\n'
  const first = await importing(yaml)
  expect(first).toMatchObject({ version: 1, name: 'Reading' })
  expect(await importing(`id: ${first.id}\n${yaml.replace('a.txt', 'b.txt')}`)).toMatchObject({ id: first.id, version: 2 })
  const foreign = await importing(`id: wfl_elsewhere\n${yaml}`)
  expect(foreign).toMatchObject({ version: 1 })
  expect([first.id, 'wfl_elsewhere']).not.toContain(foreign.id)
  expect(await importing(`id: ../../etc/passwd\n${yaml}`)).toMatchObject({ version: 1 })
})
test('what is wrong with an imported workflow is said with its line, and nothing is changed', async () => {
  const yaml = [
    'name: Reading',
    'permissions: [files:read]',
    'steps:',
    '  - id: a',
    '    toolId: files.read',
    '    inputs:',
    "      path: '{{steps.b.outputs.path}}'",
    '  - id: b',
    '    toolId: no.tool',
  ]
  const fault = await refusing(yaml.join('\n'))
  expect(fault).toMatchObject({ code: 'unprocessable', message: expect.stringMatching(/^Line \d+, steps/) })
  const { problems } = fault.details as { problems: { path: string; line: number }[] }
  expect(problems.map(({ path, line }) => [path, line])).toEqual(expect.arrayContaining([['steps[1].toolId', 9]]))
  expect(await refusing(yaml.join('\n').replace('no.tool', 'files.glob'))).toMatchObject({
    code: 'unprocessable',
    message: expect.stringMatching(/^Line [789], steps/),
  })
  expect(await refusing('name: [a')).toMatchObject({ code: 'invalid', message: expect.stringMatching(/^Line 1: /) })
  expect(await refusing(yaml.slice(0, 5).join('\n').replace('toolId', 'tool'))).toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/^Line 5: steps\[0\]\.tool: /),
  })
  expect((await rooms.ask('workflows.list', {})).items).toEqual([])
  expect(await rooms.events()).toEqual([])
})
test('an import is checked as a save is: nobody imports more than they hold', async () => {
  const weak = { ...ownerCaller, id: 'tok_1', kind: 'token' as const, scopes: ['workflows:*'] }
  expect(
    await refusing('name: a\npermissions: [files:read]\nsteps: [{id: a, toolId: files.read, inputs: {path: a}}]', { caller: weak }),
  ).toMatchObject({ code: 'forbidden' })
})
test('an upload that is no UTF-8, too large or not there is refused', async () => {
  expect(await refusing(new Uint8Array([0x61, 0xff, 0xfe]))).toMatchObject({ code: 'invalid', message: expect.stringContaining('UTF-8') })
  expect(await refusing('#'.repeat(1024 * 1024 + 1))).toMatchObject({ code: 'too_large' })
  expect(await rooms.refusal('workflows.import', {})).toMatchObject({ code: 'invalid' })
  expect(await importing('\ufeffname: a\npermissions: [files:read]\r\nsteps: [{id: a, toolId: files.read, inputs: {path: a}}]\r\n')).toMatchObject({
    version: 1,
  })
})
test('a workflow that would be too large to be imported again is not saved', async () => {
  const large = { ...full, inputs: { description: 'x'.repeat(1024 * 1024) } }
  expect(await rooms.refusal('workflows.save', large)).toMatchObject({ code: 'too_large' })
})
