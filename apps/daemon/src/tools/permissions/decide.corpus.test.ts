import { expect, test } from 'vitest'
import { escapes, honest } from '../../../test/corpora/shell-escapes.ts'
import { decide } from './decide.ts'
import { parseShell } from './parse-shell.ts'
import type { PermissionRule } from './rules.ts'

const rules: PermissionRule[] = [{ tool: 'shell.run', pattern: 'git status*', action: 'allow', level: 'workspace' }]
const judge = async (command: string) =>
  decide({
    tool: { id: 'shell.run', risk: 'execute' },
    input: { command },
    targets: [{ kind: 'command', command, cwd: '/work/space' }],
    shell: await parseShell(command),
    mode: 'ask',
    rules,
    workspace: '/work/space',
    home: '/home/u/.steward',
    now: 0,
  })

test('the corpora are as large as they claim', () => {
  expect(new Set(escapes).size).toBeGreaterThanOrEqual(80)
  expect(new Set(honest).size).toBeGreaterThanOrEqual(25)
})
test.each(escapes.map((line) => [JSON.stringify(line), line]))('%s does not pass a rule for git status', async (_, line) => {
  expect(await judge(line)).toMatchObject({ action: 'ask' })
})
test.each(honest.map((line) => [JSON.stringify(line), line]))('%s is allowed by a rule for git status', async (_, line) => {
  expect(await judge(line)).toMatchObject({ action: 'allow' })
})
