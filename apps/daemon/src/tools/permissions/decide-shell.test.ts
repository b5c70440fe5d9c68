import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { rule, shell } from '../../../test/permission-requests.ts'

test.each<[string, string]>([
  ['git log*', 'git log --output=x'],
  ['git log*', 'git log --outp=x'],
  ['git *', 'git -c a.b=c log'],
  ['git *', 'git --exec-path=x log'],
  ['git diff*', 'git diff --ext-diff'],
  ['find *', 'find . -exec ls {} +'],
  ['find *', 'find . -delete'],
  ['sort*', 'sort -o a b'],
  ['tar *', 'tar xf a --to-command=x'],
  ['tar *', 'tar -xf a -I x'],
  ['rg *', 'rg --pre=x y'],
  ['node *', 'node -e 1'],
  ['python3 *', 'python3 -c 1'],
  ['git log*', 'git log $X'],
  ['rg *', 'rg "$X"'],
  ['rsync *', "rsync -e 'sh x' a b"],
  ['git fetch*', 'git fetch --upload-pack=x'],
  ['git clone*', 'git clone ext::sh'],
  ['curl *', 'curl -o x y'],
  ['make *', 'make SHELL=x'],
  ['npm run *', 'npm run x > y'],
  ['npm *', 'NODE_OPTIONS=x npm test'],
  ['env *', 'env PATH=. ls'],
  ['./scripts/*', './scripts/../../x'],
])('the rule %j does not cover %j', async (pattern, line) => {
  expect((await shell(line, { rules: [rule('allow', 'shell.run', pattern)] })).action).toBe('ask')
})
test.each<[string, string]>([
  ['git log*', 'git log -p --since=x'],
  ['git log --output=*', 'git log --output=x'],
  ['sort -o *', 'sort -o a b'],
  ['npm run test*', 'npm run test -- --watch'],
  ['npm run *', 'npm run build'],
  ['npm run *', 'npm run'],
  ['npm run test:*', 'npm run test:unit'],
  ['node -e *', 'node -e 1'],
  ['rg *', 'rg foo src/*.ts'],
  ['./scripts/*', './scripts/x.sh a'],
  ['git commit -m *', 'git commit -m "a b"'],
  ['npm *', 'NODE_ENV=x npm test'],
  ['make', 'make'],
  ['npx vitest run *', 'npx vitest run a 2>&1 | tail -5'],
])('the rule %j covers %j', async (pattern, line) => {
  expect((await shell(line, { rules: [rule('allow', 'shell.run', pattern)] })).action).toBe('allow')
})
test.each(['npm test', "git commit -m 'a * b'", "x '' 'a b' '*' 'c\\d'", 'sort -o a b', 'git -C x status', 'node -e 1', 'cat /etc/hosts'])(
  'the suggested rule allows exactly %j',
  async (line) => {
    const { suggested } = await shell(line)
    expect(suggested).toBeDefined()
    expect((await shell(line, { rules: [suggested!] })).action).toBe('allow')
    expect((await shell(`${line} more`, { rules: [suggested!] })).action).toBe('ask')
  },
)
test.each(['npm test > out', 'eval "$X"', 'x $Y', 'PATH=. x', 'x; y'])(
  'no rule is suggested for %j, which one rule could not cover',
  async (line) => {
    expect(await shell(line)).not.toHaveProperty('suggested')
  },
)
test('what would ask is denied in dontask, with the reason', async () => {
  expect(await shell('npm test', { mode: 'dontask' })).toMatchObject({ action: 'deny', reason: expect.stringContaining('npm test') })
  expect((await shell('ls', { mode: 'dontask' })).action).toBe('allow')
})

const frames = [
  'git status; @',
  '@ && git status',
  'git status | @',
  'echo $(@)',
  'echo "`@`"',
  '(@)',
  '{ @; }',
  'if git status; then @; fi',
  'for f in a; do @; done',
  'case x in x) @;; esac',
  'cat <(@)',
  '! @',
  'git status\n@',
  'x=$(@)',
  'cat <<E\n$(@)\nE',
  'while @; do git status; done',
  'f() { @; }',
  'env @',
  'xargs @',
  'git status ${x:-$(@)}',
  'git status # a\n@',
  '@ 2>/dev/null',
  'LANG=C @',
  'git status &\n@',
]
test('a line that holds an unknown command anywhere never passes the rule', async () => {
  const rules = [rule('allow', 'shell.run', 'git status*')]
  const unknown = fc.oneof(
    fc.constantFrom('evil', 'rm x', '$X', '"$X" a', './git status', 'git statusx', 'git push', 'evil -- git status', "'git status'"),
    fc.stringMatching(/^[a-z]{3,8}zz( [a-z0-9./-]{1,8}){0,2}$/),
  )
  const nested = fc
    .tuple(fc.array(fc.constantFrom(...frames), { maxLength: 4 }), unknown)
    .map(([list, command]) => list.reduce((inner, frame) => frame.replace('@', () => inner), command))
  await fc.assert(
    fc.asyncProperty(nested, async (line) => (await shell(line, { rules })).action !== 'allow'),
    { numRuns: 3000 },
  )
  // The same frames around the rule's own command are not all refused: the property is not empty.
  const passed = await Promise.all(frames.map((frame) => shell(frame.replace('@', 'git status'), { rules })))
  expect(passed.filter((decision) => decision.action === 'allow').length).toBeGreaterThan(15)
})
test('each command that asks says why it does, and those that need no word are not among them', async () => {
  const whys = async (line: string, options: Parameters<typeof shell>[1] = {}) =>
    Object.fromEntries(((await shell(line, options)).commands ?? []).map(({ text, why }) => [text, why]))
  expect(await whys('ls && npm test && npm run $X; date > out.txt')).toEqual({
    'npm test': 'No rule allows it.',
    'npm run $X': 'No rule allows it; a part of it is known only when the line runs.',
    'date > out.txt': 'It writes to out.txt, which no rule for commands covers.',
  })
  expect(await whys('npm test; git push', { rules: [rule('ask', 'shell.run', 'git push*')] })).toEqual({ 'git push': 'A rule asks before it.' })
  expect(await whys('git push --force', { mode: 'auto' })).toEqual({
    'git push --force': 'Also in auto mode: it rewrites or deletes branches of the remote repository.',
  })
  expect(await whys('make; eval "$X"')).toMatchObject({ make: 'It is part of a line that cannot be read for certain.' })
})
