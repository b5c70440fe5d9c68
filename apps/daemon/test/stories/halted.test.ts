import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { tempDir, until, createRandom } from '@steward/testkit'
import { expect, test } from 'vitest'
import { createEffects, writeApps } from '../faults/effects.ts'
import { startDaemon } from '../kit.ts'

test('a workflow that is ended by a failure does not show a workflow inside it as done that was only half done', async () => {
  await using root = await tempDir('steward-halted-')
  const apps = path.join(root.path, 'apps')
  mkdirSync(apps)
  await using effects = await createEffects(createRandom(1), 1)
  writeApps(apps, effects.url)
  await using daemon = await startDaemon({ env: { STEWARD_APPS_FOLDER: apps } })
  for (const tool of ['effects.*', 'shell.run']) await daemon.ask('POST', '/v1/permissions', { tool, action: 'allow', level: 'global' })
  const act = (id: string, more: object = {}) => ({ id, toolId: 'effects.act', inputs: { step: id, given: 'g' }, ...more })
  const steps = [act('one'), act('two', { dependsOn: ['one'] })]
  const { body: inner } = await daemon.ask('POST', '/v1/workflows', { name: 'inner', permissions: ['*'], steps })
  const { body: outer } = await daemon.ask('POST', '/v1/workflows', {
    name: 'outer',
    permissions: ['*'],
    steps: [
      { id: 'inside', workflowId: inner.id },
      { id: 'breaks', toolId: 'shell.run', inputs: { command: 'exit 3' } },
    ],
  })
  // The first step inside is under way when the other one fails, and ends after it.
  effects.hold()
  const { body: started } = await daemon.ask('POST', '/v1/execute', { workflowId: outer.id, waitMs: 0 })
  const stepsNow = async () => (await daemon.ask('GET', `/v1/executions/${started.id}/steps`)).body.items as { id: string; status: string }[]
  await until(async () => (await stepsNow()).some(({ id, status }) => id === 'breaks' && status === 'failed'))
  effects.release()
  const { body: outcome } = await daemon.ask('GET', `/v1/executions/${started.id}/outcome`)
  expect(outcome).toMatchObject({ status: 'failed', outputs: {} })
  expect(outcome.outputs).not.toHaveProperty('inside')
  expect([...effects.done.keys()], 'the second step inside was not begun').toEqual(['one'])
})
