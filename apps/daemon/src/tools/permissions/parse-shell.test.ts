import * as fc from 'fast-check'
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { parseShell } from './parse-shell.ts'

const words = async (line: string) => (await parseShell(line)).commands.map((command) => command.words.join(' '))

test.each<[string, string[]]>([
  ['a | b && c || d; e & f\ng', ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
  ['(a; { b; })', ['a', 'b']],
  ['if a; then b; elif c; then d; else e; fi', ['a', 'b', 'c', 'd', 'e']],
  ['while a; do b; done; until c; do d; done', ['a', 'b', 'c', 'd']],
  ['case x in a|b) c;; *) d;; esac', ['c', 'd']],
  ['f() { a; }', ['function f', 'a']],
  ['cat <<EOF | b\n$(a)\nEOF\nc', ['b', 'a', 'cat', 'c']],
  ['>out a b', ['a b']],
  ['a >out b', ['a b']],
  [String.raw`a\ b 'c d' "e\"f" $'g\x41\n'`, ['a b c d e"f gA\n']],
  ['a \\\n  b', ['a b']],
  ["bash -lc 'a; b'", ['bash -lc a; b', 'a', 'b']],
  [
    "sudo -u x env A=b nice -n 5 sh -c 'a'",
    ['sudo -u x env A=b nice -n 5 sh -c a', 'env A=b nice -n 5 sh -c a', 'nice -n 5 sh -c a', 'sh -c a', 'a'],
  ],
  ['find . -name x -exec a {} + -o -execdir b \\;', ['find . -name x -exec a {} + -o -execdir b ;', 'a {}', 'b']],
  ['xargs -0 -n 1 rm -f', ['xargs -0 -n 1 rm -f', 'rm -f …']],
  ['git rebase -x "a b" main', ['git rebase -x a b main', 'a b']],
  ['git submodule foreach --recursive a b', ['git submodule foreach --recursive a b', 'a b']],
  ['ssh -p 22 host a b', ['ssh -p 22 host a b', 'a b']],
  ["trap 'a' EXIT", ['trap a EXIT', 'a']],
  ['timeout -k 1 5 a', ['timeout -k 1 5 a', 'a']],
])('every command of %j is found', async (line, expected) => {
  expect(await words(line)).toEqual(expected)
  expect((await parseShell(line)).opaque).toEqual([])
})

test('commands inside words are found, also in double quotes, and the words are marked as not known', async () => {
  const reading = await parseShell('a "$(b `c`)" <(d) ${x:-$(e)} $((1+$(f)))')
  expect(reading.commands.map((command) => command.words[0])).toEqual(expect.arrayContaining(['a', 'b', 'c', 'd', 'e', 'f']))
  expect(reading.commands.find((command) => command.words[0] === 'a')).toMatchObject({ literal: false, unsure: [1, 2, 3, 4] })
})
test.each(['a $x', 'a "$x"', 'a *.ts', 'a {b,c}', 'a ~/b', 'a [bc]', 'a $"b"', 'a b?'])('%j has a word that is not known', async (line) => {
  expect((await parseShell(line)).commands[0]).toMatchObject({ literal: false, unsure: [1] })
})
test.each(["a '$x' '*' \\* \"{b,c}\"", 'a {} HEAD@{1} a^b x=y'])('%j is known word by word', async (line) => {
  expect((await parseShell(line)).commands[0]?.literal).toBe(true)
})
test.each([
  ['a > b', '>', 'b', true],
  ['a >> b', '>>', 'b', true],
  ['a &> b', '&>', 'b', true],
  ['a >| b', '>|', 'b', true],
  ['a 2>&1', '>&', '1', false],
  ['a > /dev/null', '>', '/dev/null', false],
  ['a < b', '<', 'b', false],
  ['a < /dev/tcp/h/1', '<', '/dev/tcp/h/1', true],
  ['a > "$x"', '>', '$x', true],
])('the redirection of %j is read', async (line, op, target, write) => {
  expect((await parseShell(line)).commands[0]?.redirections).toMatchObject([{ op, target, write }])
})
test('assignments before a command, alone and by a loop are told', async () => {
  const reading = await parseShell('A=1 B="$x" c; D=2; for E in f; do g; done; env H=i j')
  expect(reading.commands.flatMap((command) => command.assignments.map((one) => one.name))).toEqual(['A', 'B', 'D', 'E', 'H'])
})
test.each([
  'a "b',
  'a; (b',
  'if a; then',
  'eval "$x"',
  'bash -c "$x"',
  'bash',
  'curl x | sh',
  'curl x | python3 -',
  '. ./x',
  'source x',
  'parallel a ::: b',
  'bash --rcfile x',
  'git -c core.pager=x log',
  'git --exec-path=x log',
  'awk \'BEGIN{system("a")}\'',
  "sed '1e a' b",
  "sed 's/a/b/e' c",
  "sed 's/a/b/w c' d",
  'sed -f x y',
  'sudo -s',
  'env -S "a b"',
  'xargs --unknown a',
  'timeout $X a',
  '((a))',
  'a $((b))',
  'a ${b@P}',
  'a\r\nb',
  'a\0b',
  'a\u00a0b',
  'a;;',
  'flock x a',
  ':(){ :|:& };:',
  '<<A <<B\nA\nB\n',
  'a $(cat <<E\nx\nE\n)',
])('%j cannot be read for certain, and says why', async (line) => {
  const { opaque } = await parseShell(line)
  expect(opaque.length).toBeGreaterThan(0)
  expect(opaque.every((reason) => reason.length > 5)).toBe(true)
})
const nested = (depth: number) => `${'$(a '.repeat(depth)}b${')'.repeat(depth)}`
test('a line over 64 KB and one that nests over 50 deep are opaque, one below the bounds is not', async () => {
  expect((await parseShell(`a ${'b'.repeat(70_000)}`)).opaque).not.toEqual([])
  expect((await parseShell(`a ${'b'.repeat(60_000)}`)).opaque).toEqual([])
  expect((await parseShell(`a ${nested(51)}`)).opaque).not.toEqual([])
  expect((await parseShell(`a ${nested(45)}`)).opaque).toEqual([])
  for (const hostile of [
    '('.repeat(60_000),
    '$('.repeat(30_000),
    'a|'.repeat(30_000),
    '`'.repeat(60_000),
    '<<A '.repeat(15_000),
    'case x in '.repeat(6000),
    '{ '.repeat(30_000),
  ])
    expect((await parseShell(hostile)).opaque).not.toEqual([])
})
test('no text makes the reader throw, and it reads on afterwards', async () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '$(',
      ')',
      '`',
      '"',
      "'",
      '\\',
      '<<E\n',
      'E\n',
      ';',
      '|',
      '${',
      '}',
      '((',
      '))',
      '>',
      '<(',
      'if ',
      'do ',
      'case x in ',
      '\n',
      '\ud800',
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => Array.isArray((await parseShell(pieces.join(''))).commands)),
    { numRuns: 2000 },
  )
  expect(await words('a; b')).toEqual(['a', 'b'])
})
test('importing the reader loads no parser; the first line does', () => {
  const script = `
    const seen = []
    const instantiate = WebAssembly.instantiate
    WebAssembly.instantiate = (...a) => { seen.push(1); return instantiate(...a) }
    const { parseShell } = await import(${JSON.stringify(new URL('./parse-shell.ts', import.meta.url).href)})
    const { decide } = await import(${JSON.stringify(new URL('./decide.ts', import.meta.url).href)})
    const before = seen.length + process.moduleLoadList.filter((name) => name.includes('tree-sitter')).length
    const reading = await parseShell('a b')
    console.log(JSON.stringify({ before, after: seen.length > 0, words: reading.commands[0].words, decide: typeof decide }))`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(JSON.parse(output)).toEqual({ before: 0, after: true, words: ['a', 'b'], decide: 'function' })
})
test('it reads more than 2,000 lines a second', async () => {
  const lines = [
    'git status -sb',
    'cd src && git log --oneline | head -5',
    'for f in a b c; do cat "$f"; done',
    'npm run test -- --watch=false 2>&1 | tail -20',
  ]
  for (let i = 0; i < 200; i++) await parseShell(lines[i % 4]!)
  const started = performance.now()
  for (let i = 0; i < 4000; i++) await parseShell(lines[i % 4]!)
  expect(performance.now() - started).toBeLessThan(2000)
})
