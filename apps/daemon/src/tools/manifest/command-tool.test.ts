import { mkdir, symlink } from 'node:fs/promises'
import path from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseShell } from '../permissions/parse-shell.ts'
import { createPlace } from '../testing/place.ts'
import { compileManifest } from './compile.ts'
import { readManifest } from './manifest.ts'
import { shellLine } from './quote.ts'

/** Prints what it was given: arguments, the standard input, two variables and its folder. */
const told = `let input = ''
process.stdin.on('data', (chunk) => (input += chunk)).on('end', () =>
  console.log(JSON.stringify({ args: process.argv.slice(1), input, key: process.env.KEY, left: process.env.LEFT, cwd: process.cwd() })))`
const secret = 'correct-horse-battery'

async function made(command: Record<string, unknown>, more: Record<string, unknown> = {}, secrets: Record<string, string> = { key: secret }) {
  const inputs = { type: 'object', properties: Object.fromEntries(['a', 'b', 'c'].map((name) => [name, {}])) }
  const { manifest, problems } = readManifest(
    JSON.stringify({
      id: 'app',
      name: 'App',
      settings: { level: { default: 'low' } },
      secrets: { key: {} },
      tools: [{ id: 'act', name: 'Act', description: 'Acts.', inputs, command, ...more }],
    }),
  )
  if (!manifest) throw new Error(problems.map(({ message }) => message).join('\n'))
  const [tool] = compileManifest(manifest, { secret: (name) => secrets[name], setting: () => 'high' })
  const place = await createPlace({ sandbox: 'off' })
  const at = { cwd: place.root, files: place.files }
  return {
    place,
    tool: tool!,
    call: (input: object = {}, outputBytes = 100_000) => place.call(tool!, input, { outputBytes }),
    targets: (input: object = {}) => tool!.targets(input, at),
    preview: async (input: object = {}) => (await tool!.preview?.(input, at))?.summary,
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  }
}
/** Arguments behind the script are the program's own. */
const node = (...args: string[]) => ({ argv: ['node', '-e', told, '--', ...args], output: { as: 'json' } })
const argsOf = async (args: string[], input: object) => {
  await using app = await made(node(...args))
  const { output } = await app.call(input)
  return output['args']
}

test('each item is one argument whatever it holds, a list is several, and nothing is left out', async () => {
  expect(
    await argsOf(['{{inputs.a}}', 'x={{inputs.b}}', '{{inputs.c}}', '{{settings.level}}'], {
      a: 'a b; rm -rf $HOME `id` "\'',
      b: 2,
      c: ['1', 2, true],
    }),
  ).toEqual(['a b; rm -rf $HOME `id` "\'', 'x=2', '1', '2', 'true', 'high'])
  expect(await argsOf(['{{inputs.a}}', '', '{{inputs.b}}', 'n={{inputs.c}}'], { a: '', b: [] })).toEqual(['', '', 'n='])
})
test('input, variables, folder and what is printed are as their author wrote it', async () => {
  await using app = await made({
    ...node(),
    stdin: 'in {{inputs.a}}',
    env: { KEY: '{{secrets.key}}', LEFT: '{{inputs.b}}' },
    cwd: 'sub',
    output: { as: 'json', path: 'stdout' },
  })
  await mkdir(path.join(app.place.root, 'sub'))
  const { output, text } = await app.call({ a: 'ä' })
  expect(output).toEqual({ args: [], input: 'in ä', key: '[redacted]', cwd: path.join(app.place.root, 'sub') })
  expect(text).not.toContain(secret)
  expect(await app.preview({ a: 'ä' })).toContain('(in sub)\nwith this input:\nin ä')
  expect(app.tool).toMatchObject({ risk: 'execute', repeatable: false, permissions: ['app:use'] })
})
test('lines, a part of JSON, and text are given as asked for', async () => {
  const printed = async (output: object, print: string, more: Record<string, unknown> = {}) => {
    await using app = await made({ argv: ['printf', '%s', print], output }, more)
    return await app.call()
  }
  expect((await printed({ as: 'lines' }, 'a\r\nb\n')).output).toEqual(['a', 'b'])
  expect((await printed({ as: 'json', path: 'stdout.items[1]' }, '{"items": [1, {"n": 2}]}')).output).toEqual({ n: 2 })
  expect((await printed({}, 'text')).output).toBe('text')
  expect((await printed({ path: 'exitCode' }, 'text')).output).toBe(0)
  expect((await printed({}, '')).text).toBe('Act: done, the program printed nothing.')
  await expect(printed({ as: 'json' }, 'nope')).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('printed no JSON') })
  await expect(printed({ as: 'json' }, '{"n": 1}', { outputs: { type: 'object', properties: { n: { type: 'string' } } } })).rejects.toMatchObject({
    message: expect.stringMatching(/does not fit.*n:/),
  })
})
test.each([
  ['-rf', ['{{inputs.a}}']],
  ['--output=/etc/x', ['{{inputs.a}}']],
  ['-rf', ['{{inputs.a}}.txt']],
  ['-', ['{{inputs.a}}']],
  [['ok', '-rf'], ['{{inputs.a}}']],
  [-5, ['{{inputs.a}}']],
])('an input %j that a program would take as an option is refused', async (a, items) => {
  await using app = await made({ argv: ['ls', ...items] })
  await expect(app.call({ a })).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('taken as an option') })
  await expect(app.targets({ a })).rejects.toMatchObject({ code: 'invalid' })
})
test('behind a -- and as the end of an item an input may begin with a dash', async () => {
  expect(await argsOf(['{{inputs.a}}'], { a: '-rf' })).toEqual(['-rf'])
  await using app = await made({ argv: ['echo', '--name={{inputs.a}}', 'x{{inputs.a}}'] })
  expect((await app.call({ a: '-rf' })).text).toBe('--name=-rf x-rf\n')
})
test('an argument or variable with a NUL, and one that is no text, is refused', async () => {
  await using app = await made({ argv: ['echo', 'a{{inputs.a}}', '{{inputs.b}}'], env: { X: '{{inputs.c}}' } })
  await expect(app.call({ a: 'x\0y' })).rejects.toMatchObject({ code: 'invalid' })
  await expect(app.call({ c: 'x\0y' })).rejects.toMatchObject({ code: 'invalid' })
  await expect(app.call({ b: { a: 1 } })).rejects.toMatchObject({ code: 'invalid' })
  await expect(app.call({ b: [['a']] })).rejects.toMatchObject({ code: 'invalid' })
})
test('a failing program is a failure with what it said, without secrets; so is one that takes too long or is not there', async () => {
  await using failing = await made({ argv: ['sh', '-c', 'echo out; echo "no: $KEY" >&2; exit 3'], env: { KEY: '{{secrets.key}}' } })
  await expect(failing.call()).rejects.toMatchObject({ code: 'failed', message: 'sh failed with exit code 3.\nno: [redacted]' })
  expect(failing.place.seen.join('')).not.toContain(secret)
  await using slow = await made({ argv: ['sleep', '30'] }, { timeoutMs: 200 })
  await expect(slow.call()).rejects.toMatchObject({ code: 'timed_out', message: expect.stringContaining('within 200 ms') })
  await using missing = await made({ argv: ['no-such-program-here'] })
  await expect(missing.call()).rejects.toMatchObject({ message: expect.stringContaining('no-such-program-here') })
  await using unset = await made({ argv: ['ls'], stdin: '{{secrets.key}}' }, {}, {})
  await expect(unset.call()).rejects.toMatchObject({ message: expect.stringContaining('steward secrets set app.key') })
})
test('a folder that leads out of the workspace by a link is refused before anything is judged', async () => {
  await using app = await made({ argv: ['ls'], cwd: 'link' })
  await symlink('/', path.join(app.place.root, 'link'))
  await expect(app.targets()).rejects.toMatchObject({ code: 'outside_workspace' })
  await expect(app.call()).rejects.toMatchObject({ code: 'outside_workspace' })
})
test('what is judged is the command as the program gets it, word for word', async () => {
  await using app = await made({ argv: ['git', 'commit', '-m', '{{inputs.a}}', '--', '{{inputs.b}}'] })
  const a = `it's $(rm -rf /) "quoted"\nand \`more\``
  const [target] = await app.targets({ a, b: ['x y', '-z'] })
  if (target?.kind !== 'command') throw new Error('no command')
  expect(target.cwd).toBe(app.place.root)
  const { commands, opaque } = await parseShell(target.command)
  expect(opaque).toEqual([])
  expect(commands.map(({ words }) => words)).toEqual([['git', 'commit', '-m', a, '--', 'x y', '-z']])
  expect(await app.preview({ a: 'b', b: [] })).toBe('Run: git commit -m b --')
})
test('no input changes the number of arguments or what a shell would read', async () => {
  const hostile = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('$(id)', '`id`', "'", '"', ';', '\n', '&&', '|', '*', '~', '$IFS', '\\', '{{inputs.b}}', '# x'),
  )
  await using app = await made({ argv: ['printf', '%s\\n', 'v={{inputs.a}}', '{{inputs.b}}', '--', '{{inputs.c}}'] })
  await fc.assert(
    fc.asyncProperty(hostile, hostile, hostile, async (a, b, c) => {
      const targets = await app.targets({ a, b, c }).catch((error: { code: string }) => error.code)
      const isRefused = [a, b, c].some((text) => text.includes('\0')) || b.startsWith('-')
      expect(targets === 'invalid').toBe(isRefused)
      if (typeof targets === 'string') return
      const words = ['printf', '%s\\n', `v=${a}`, b, '--', c]
      const [target] = targets
      expect(target).toMatchObject({ kind: 'command', command: shellLine(words) })
    }),
    { numRuns: 300 },
  )
})
test('a quoted line is read by a real shell as the words that it was made of', async () => {
  await using place = await createPlace({ sandbox: 'off' })
  const word = fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', "'", "''", '\\', '\n', '!x', '$HOME', 'a=b', '~', '-n', '*'),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        word.filter((text) => !text.includes('\0') && text.isWellFormed()),
        { minLength: 1, maxLength: 5 },
      ),
      async (words) => {
        const line = `printf '%s\\000' ${shellLine(words)}`
        const { stdout } = await place.processes.run(
          { command: ['/bin/sh', '-c', line], cwd: place.root, timeoutMs: 5000, outputBytes: 100_000, writable: [place.root], network: false },
          new AbortController().signal,
        )
        expect(stdout).toBe(words.map((text) => `${text}\0`).join(''))
      },
    ),
    { numRuns: 40 },
  )
})
