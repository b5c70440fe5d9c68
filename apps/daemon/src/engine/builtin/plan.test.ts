import { array, assert, constantFrom, oneof, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { TOOLS } from './eval/tools.ts'
import { plan } from './plan.ts'
import { checker } from './schema.ts'
import type { PlannerTool } from './types.ts'

const byId = new Map(TOOLS.map((tool) => [tool.id, tool]))
const WORDS = [
  'read',
  'delete',
  'run',
  'write',
  'them',
  'and',
  'then',
  'the',
  'a.txt',
  '*.ts',
  "'x'",
  '`ls`',
  '5',
  'tomorrow',
  'https://a.b',
  'lights',
  'event',
  'on',
  'to',
  'in',
  'with',
  '@mail',
  'src/',
  '"',
  ':',
  ',',
  'if',
  "don't",
  'what',
  'is',
  'timer',
  'minutes',
  'volume',
  '400',
  '-1',
  'bob@x.com',
  'play',
  'todo',
  '__proto__',
  'constructor',
]

test('whatever is said, every step names a known tool, has inputs that fit its schema, and depends on earlier steps only', () => {
  assert(
    property(
      oneof(
        array(constantFrom(...WORDS), { maxLength: 14 }).map((words) => words.join(' ')),
        string({ maxLength: 300 }),
      ),
      (text) => {
        const made = plan({ text, tools: TOOLS, now: 0 })
        expect(made.confidence).toBeGreaterThanOrEqual(0)
        expect(made.confidence).toBeLessThanOrEqual(1)
        expect(made.clarification === undefined).toBe(made.steps.length > 0)
        for (const [index, step] of made.steps.entries()) {
          const probe = { ...step.inputs, ...Object.fromEntries(Object.keys(step.from ?? {}).map((name) => [name, 'x'])) }
          expect(checker(byId.get(step.toolId)!.inputsSchema)(probe)).toBe(true)
          for (const need of step.dependsOn ?? []) expect(need).toBeLessThan(index)
          for (const source of Object.values(step.from ?? {})) expect(source.step).toBeLessThan(index)
        }
      },
    ),
    { numRuns: 2000, seed: 7 },
  )
})

test('long and hostile texts are planned in bounded time', () => {
  for (const text of [
    "'".repeat(8000),
    'a.'.repeat(4000),
    '/a'.repeat(4000),
    '@'.repeat(8000),
    'a-'.repeat(4000),
    '*'.repeat(8000),
    '1:'.repeat(4000),
    'and '.repeat(2000),
    'a/'.repeat(4000),
    '`'.repeat(8000),
    'x'.repeat(100_000),
  ]) {
    const from = process.cpuUsage()
    plan({ text, tools: TOOLS })
    const { user, system } = process.cpuUsage(from)
    expect((user + system) / 1_000).toBeLessThan(500)
  }
})

const play = (app: string): PlannerTool => ({
  id: `${app}.pause`,
  name: `${app}_pause`,
  description: 'Pause the music.',
  inputsSchema: { type: 'object', properties: {} },
  examples: ['pause the music'],
  risk: 'write',
})

test('two apps that do the same are told apart by asking or by @', () => {
  const tools = [play('spotify'), play('jukebox')]
  const asked = plan({ text: 'pause the music', tools })
  expect(asked).toMatchObject({ intent: 'ambiguous', steps: [] })
  expect(asked.clarification).toContain('jukebox.pause')
  expect(plan({ text: 'pause the music @jukebox', tools }).steps).toMatchObject([{ toolId: 'jukebox.pause' }])
  expect(plan({ text: 'pause the music', tools, tags: ['spotify'] }).steps).toMatchObject([{ toolId: 'spotify.pause' }])
})

test('a tool whose schema cannot be checked is not called', () => {
  const tools: PlannerTool[] = [
    {
      id: 'radio.stop',
      name: 'radio_stop',
      description: 'Stop the radio.',
      inputsSchema: { type: 'object', not: { required: ['a'] } },
      examples: ['stop the radio'],
      risk: 'write',
    },
  ]
  expect(plan({ text: 'stop the radio', tools }).steps).toEqual([])
})

test('a deed that no tool does is said to be impossible, with what is possible', () => {
  const files = TOOLS.filter((tool) => tool.id.startsWith('files.'))
  const made = plan({ text: 'delete notes.txt', tools: files })
  expect(made).toMatchObject({ intent: 'impossible', steps: [] })
  expect(made.clarification).toMatch(/^I cannot do that \("delete notes.txt"\): none of the tools I may use does it\./)
})

test('relative days need a clock, and are asked about without one', () => {
  const text = "create an event 'Party' on friday"
  expect(plan({ text, tools: TOOLS, now: Date.parse('2026-01-05T12:00:00Z') }).steps[0]?.inputs).toEqual({ title: 'Party', date: '2026-01-09' })
  expect(plan({ text, tools: TOOLS })).toMatchObject({ intent: 'incomplete', steps: [] })
})
