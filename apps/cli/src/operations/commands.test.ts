import { Command } from 'commander'
import { operations } from '@steward/contract/daemon'
import { expect, test } from 'vitest'
import { addOperations, joinBooleans } from './commands.ts'
import { fieldsOf } from './fields.ts'
import type { Typed } from './request.ts'
import { commonFlags, kebab, spell } from './spelling.ts'

async function typed(...argv: string[]): Promise<{ name: string; typed: Typed }> {
  let heard: { name: string; typed: Typed } | undefined
  const program = new Command('steward')
  addOperations(program, operations, async (spelling, given) => void (heard = { name: spelling.name, typed: given }))
  await program.parseAsync(argv, { from: 'user' })
  return heard!
}
test.each(Object.entries(operations))('%s is a command, and every field of it a positional or a flag of its own', (name, op) => {
  const program = new Command('steward')
  addOperations(program, operations, async () => undefined)
  const { noun, verb, fields, positionals, flags, common } = spell(name, op)
  const command = program.commands.find((one) => one.name() === noun)?.commands.find((one) => one.name() === verb)
  const options = command?.options.map(({ long }) => long) ?? []
  expect(new Set(options).size).toBe(options.length)
  expect(command?.registeredArguments.length).toBe(positionals.length + (op.bytes === 'upload' ? 1 : 0))
  expect(positionals.length + flags.length).toBe(fields.length)
  expect(options).toEqual(expect.arrayContaining([...flags.map((field) => `--${kebab(field.name)}`), `--${common.json}`, `--${common.input}`]))
})
test('a field keeps its name, and the flag it would hide takes its longer one', () => {
  expect(spell('providers.set', operations['providers.set']).common).toEqual({ ...short, key: commonFlags.key })
  expect(spell('runs.start', operations['runs.start']).common).toEqual({ ...short, input: commonFlags.input })
})
const short = Object.fromEntries(Object.keys(commonFlags).map((flag) => [flag, flag]))

test('a command line is taken apart by position and by flag', async () => {
  expect(await typed('sessions', 'rename', 'ses_1', '--title', 'a b', '--json')).toMatchObject({
    name: 'sessions.rename',
    typed: {
      positionals: ['ses_1'],
      options: new Map<string, unknown>([
        ['title', 'a b'],
        ['json', true],
      ]),
    },
  })
  expect((await typed('tokens', 'create', '--name', 'x', '--scopes', 'a', '--scopes', 'b')).typed.options.get('scopes')).toEqual(['a', 'b'])
  expect((await typed('tasks', 'update', 'ses_1', '--settings.permission-mode', 'plan')).typed.options.get('settings.permission-mode')).toBe('plan')
})
test('a yes/no flag never takes the word after it for its value, unless that is true or false', () => {
  const fields = fieldsOf(operations['sessions.archive'])
  expect(joinBooleans(fields, ['sessions', 'archive', '--archived', 'ses_1'])).toEqual(['sessions', 'archive', '--archived=true', 'ses_1'])
  expect(joinBooleans(fields, ['--archived', 'false', 'ses_1'])).toEqual(['--archived=false', 'ses_1'])
  expect(joinBooleans(fields, ['--no-archived', 'ses_1'])).toEqual(['--archived=false', 'ses_1'])
  expect(joinBooleans(fields, ['--', '--no-archived'])).toEqual(['--', '--no-archived'])
})
