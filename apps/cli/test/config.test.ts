import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Setting } from '@steward/contract/daemon'
import { project } from './project.ts'
import { createPlace } from './steward.ts'

test('each source of a setting is shown, and the flag of the start beats them all', { timeout: 90_000 }, async () => {
  await using place = await createPlace(project, { STEWARD_RUNS_STEPS: '3', STEWARD_RUNS_TOKENS: '3000' })
  mkdirSync(place.home, { mode: 0o700 })
  const file = path.join(place.home, 'config.json')
  writeFileSync(file, JSON.stringify({ runs: { steps: 1, tokens: 1_000, toolCalls: 1, parallel: 1 } }))
  expect((await place.run(['start', '--no-open', '--set', 'runs.steps=4', '--set', 'tools.env=A,B'])).code).toBe(0)
  expect((await place.run(['config', 'set', 'runs', '{"steps": 2, "tokens": 2000, "toolCalls": 2}'])).code).toBe(0)
  const { items } = JSON.parse((await place.run(['config', 'get', '--json'])).stdout) as { items: Setting[] }
  const shown = Object.fromEntries(items.map(({ key, value, source, place: where }) => [key, [value, source, where]]))
  expect(shown).toMatchObject({
    'runs.steps': [4, 'flag', '--set runs.steps'],
    'runs.tokens': [3_000, 'environment', 'STEWARD_RUNS_TOKENS'],
    'runs.toolCalls': [2, 'stored', null],
    'runs.parallel': [1, 'file', file],
    'runs.minutes': [120, 'default', null],
    'tools.env': [['A', 'B'], 'flag', '--set tools.env'],
  })
  await place.run(['stop'])
  expect(JSON.parse((await place.run(['config', 'get', 'runs.steps', '--json'])).stdout), 'without a daemon, and without the flag').toMatchObject({
    items: [{ value: 3, source: 'environment' }],
  })
})
test('a start with a wrong file or a wrong flag is refused with a sentence, and leaves no daemon', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  mkdirSync(place.home, { mode: 0o700 })
  const file = path.join(place.home, 'config.json')
  writeFileSync(file, '{"log": {"levle": "debug"}}')
  expect(await place.run(['start', '--no-open'])).toMatchObject({
    code: 7,
    stderr: expect.stringContaining(`The config file ${file}: There is no setting log.levle; did you mean log.level?`),
  })
  writeFileSync(file, '{}')
  for (const [word, sentence] of [
    ['log.level=loud', 'The flag --set log.level does not take this value'],
    ['loud', '--set takes key=value'],
    ['no.such.key=1', '--set no.such.key: There is no setting no.such.key'],
  ])
    expect(await place.run(['start', '--no-open', '--set', word!])).toMatchObject({ code: 7, stderr: expect.stringContaining(sentence!) })
  expect((await place.run(['status'])).code).toBe(3)
})
