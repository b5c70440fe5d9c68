import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { atTerminal, hasTerminal } from './at-terminal.ts'
import { project } from './project.ts'
import { createPlace } from './steward.ts'

const write = 'create the file hello.txt with the content "hi"'

test.skipIf(!hasTerminal)(
  'at a terminal a change is shown and asked about: yes writes it, no does not, Ctrl-C cancels',
  { timeout: 30_000 },
  async () => {
    await using place = await createPlace(project)
    const file = path.join(place.project, 'hello.txt')
    const refused = await atTerminal(place, ['run', write], [['[n]o: ', 'n not here\r']])
    expect(refused).toMatchObject({ code: 0, text: expect.stringContaining('not here') })
    expect(refused.text).toContain('\u001b[32m+hi')
    const left = await atTerminal(place, ['run', write], [['[n]o: ', '\u0003']])
    expect(left).toMatchObject({ code: 130, text: expect.stringContaining('cancelled') })
    expect(existsSync(file)).toBe(false)
    expect((await atTerminal(place, ['run', write], [['[n]o: ', 'y\r']], { NO_COLOR: '1' })).text).not.toContain('\u001b[32m')
    expect(existsSync(file)).toBe(true)
  },
)
test.skipIf(!hasTerminal)(
  'a conversation at a terminal streams, cancels a run by Ctrl-C and goes on, and lists are tables',
  { timeout: 30_000 },
  async () => {
    await using place = await createPlace(project)
    const talk = await atTerminal(
      place,
      ['chat', '--yes'],
      [
        ['> ', 'what is the name in package.json?\r'],
        ['> ', 'run the command "sleep 600"\r'],
        ['\r\n', '\u0003'],
        ['> ', '/exit\r'],
      ],
    )
    expect(talk).toMatchObject({ code: 0, text: expect.stringContaining('blue-whale') })
    const listed = await atTerminal(place, ['sessions', 'list'], [])
    expect(listed.text).toMatch(/^ID +TITLE/m)
    for (const line of listed.text.split('\r\n')) expect(line.length).toBeLessThanOrEqual(100)
  },
)
test.skipIf(!hasTerminal)('a key is asked for without being shown', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  const set = await atTerminal(place, ['providers', 'set', 'anthropic', '--key-stdin'], [['key: ', 'sk-ant-planted-secret\r']])
  expect(set.code).toBe(0)
  expect(set.text).not.toContain('planted')
  expect(JSON.parse((await place.run(['providers', 'list'])).stdout).items).toContainEqual(
    expect.objectContaining({ id: 'anthropic', hasKey: true, keySource: 'settings' }),
  )
  const added = await atTerminal(place, ['auth', 'add', 'anthropic', '--name', 'work'], [['key: ', 'sk-ant-planted-second\r']])
  expect(added.code).toBe(0)
  expect(added.text).not.toContain('planted')
  expect(JSON.parse((await place.run(['auth', 'list'])).stdout).items).toMatchObject([
    { name: 'default', tail: 'cret' },
    { name: 'work', tail: 'cond' },
  ])
})
test.skipIf(!hasTerminal)('what was typed before a question does not approve it', { timeout: 30_000 }, async () => {
  await using place = await createPlace(project)
  const asked = await atTerminal(
    place,
    ['run', 'run the command "sleep 1; touch made"'],
    [
      ['starting it', 'y\ry\r'],
      ['[n]o: ', 'n\r'],
      ['Why not?', '\r'],
    ],
  )
  expect(asked.code).toBe(0)
  expect(existsSync(path.join(place.project, 'made'))).toBe(false)
})
