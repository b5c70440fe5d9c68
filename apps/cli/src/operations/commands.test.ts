import { Command } from 'commander'
import { operations } from '@steward/contract/daemon'
import { expect, test } from 'vitest'
import { addOperations } from './commands.ts'
import type { Typed } from './request.ts'
import { commonFlags, spell } from './spelling.ts'

async function typed(...argv: string[]): Promise<{ name: string; typed: Typed; short?: string }> {
  let heard: { name: string; typed: Typed; short?: string } | undefined
  const program = new Command('steward').exitOverride()
  addOperations(program, operations, async (spelling, given, short) => {
    heard = { name: spelling.name, typed: given, ...(short === undefined ? {} : { short }) }
  })
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
  expect(options).toEqual(expect.arrayContaining([...flags.map(({ flag }) => `--${flag}`), `--${common.json}`, `--${common.input}`]))
})
test('a field keeps its name, and the flag it would hide takes its longer one', () => {
  expect(spell('providers.set', operations['providers.set']).common).toEqual({ ...short, key: commonFlags.key })
  expect(spell('runs.start', operations['runs.start']).common).toEqual({ ...short, input: commonFlags.input })
  expect(spell('executions.start', operations['executions.start']).common).toEqual({ ...short, input: commonFlags.input })
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
test('a short name is the same operation, also one that is a noun with verbs of its own', async () => {
  expect(await typed('plan', 'read a.txt', '--app-id', 'files')).toMatchObject({
    name: 'plans.create',
    short: 'plan',
    typed: { positionals: ['read a.txt'], options: new Map([['app-id', 'files']]) },
  })
  expect(await typed('plans', 'create', 'read a.txt')).toEqual({ name: 'plans.create', typed: { positionals: ['read a.txt'], options: new Map() } })
  expect(await typed('execute', 'plan_1')).toMatchObject({ name: 'executions.start', typed: { positionals: ['plan_1'] } })
  expect(await typed('history', '--status', 'failed')).toMatchObject({ name: 'history.list', typed: { options: new Map([['status', 'failed']]) } })
  expect(await typed('history', 'list', '--status', 'failed')).toMatchObject({
    name: 'history.list',
    typed: { options: new Map([['status', 'failed']]) },
  })
  expect(await typed('history', 'export', '--status', 'failed', '--output', 'x')).toMatchObject({
    name: 'history.export',
    typed: {
      options: new Map([
        ['status', 'failed'],
        ['output', 'x'],
      ]),
    },
  })
})
test.each(['plan', 'execute', 'history', 'plans', 'sessions'])('with only %s there are its commands alone, and they are the same', (word) => {
  const [all, one] = [undefined, word].map((only) => {
    const program = new Command('steward')
    addOperations(program, operations, async () => undefined, only)
    return program.commands
  })
  expect(one!.map((command) => command.name())).toEqual([word])
  expect(one![0]!.helpInformation()).toBe(all!.find((command) => command.name() === word)!.helpInformation())
})
test('names and values of a record are given one by one, under the name the contract says', async () => {
  const { typed: given } = await typed('execute', '--tool-id', 'files.read', '--input', 'path=a.txt', '--input', 'limit=5')
  expect(given.options.get('input')).toEqual(['path=a.txt', 'limit=5'])
  expect((await typed('apps', 'configure', 'spotify', '--settings', 'baseUrl=http://x')).typed.options.get('settings')).toBe('baseUrl=http://x')
})
test('a secret need not stand on the command line', async () => {
  expect((await typed('secrets', 'set', 'spotify.token', '--value-stdin')).typed.options.get('value-stdin')).toBe(true)
  expect((await typed('providers', 'set', 'openai', '--key-stdin')).typed.options.get('key-stdin')).toBe(true)
})
