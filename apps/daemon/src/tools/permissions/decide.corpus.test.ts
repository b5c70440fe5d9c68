import { expect, test } from 'vitest'
import { escapes, honest } from '../../../test/corpora/shell-escapes.ts'
import { rule, shell } from '../../../test/permission-requests.ts'

const judge = (line: string) => shell(line, { rules: [rule('allow', 'shell.run', 'git status*')] })
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
