import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { until } from '@steward/testkit'
import { startDaemon } from '../kit.ts'

const patient = { timeoutMs: 20_000 }
test('a config file counts while the daemon runs: it is taken up when it is made, changed and removed; one that does not fit changes nothing', async () => {
  await using daemon = await startDaemon()
  const file = path.join(daemon.home, 'config.json')
  const what = async () => {
    const { value, source, place } = (await daemon.client.config.get({ key: 'runs.parallel' })).items[0]!
    return { value, source, place }
  }
  const turns = (value: number, source: string) =>
    until(async () => {
      const now = await what()
      return now.value === value && now.source === source
    }, patient)
  writeFileSync(file, '{"runs": {"parallel": 3}}')
  await turns(3, 'file')
  expect(await what()).toEqual({ value: 3, source: 'file', place: file })
  writeFileSync(file, '{"runs": {"parallel": 4, "stebs": 1}}')
  await until(() => daemon.logs.some((line) => line.includes('did you mean runs.steps')), patient)
  expect(await what()).toMatchObject({ value: 3, source: 'file' })
  await daemon.client.config.set({ key: 'runs', value: { parallel: 5 } })
  expect(await what()).toEqual({ value: 5, source: 'stored', place: null })
  await daemon.client.config.reset({ key: 'runs.parallel' })
  rmSync(file)
  await turns(10, 'default')
})
