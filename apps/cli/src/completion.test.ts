import { execFileSync } from 'node:child_process'
import { PassThrough } from 'node:stream'
import { Fault } from '@steward/contract'
import { lacking } from '@steward/testkit'
import { expect, test } from 'vitest'
import { completionScript } from './completion.ts'
import { makeOutline } from './operations/outline.ts'
import { createProgram } from './program.ts'

const program = createProgram(
  { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough(), canAsk: false },
  await makeOutline(),
  () => undefined,
)
function complete(...words: string[]): string[] {
  const script = `${completionScript('bash', program)}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _steward; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean)
}
const lack = lacking('bash')
test.skipIf(lack !== null)(`bash completes nouns, verbs and flags from the contract${lack ?? ''}`, () => {
  expect(complete('steward', 'sess')).toEqual(['sessions'])
  expect(complete('steward', 'sessions', 're')).toEqual(['rename', 'rewind', 'rewind-preview'])
  expect(complete('steward', 'sessions', 'rename', 'ses_1', '--ti')).toEqual(['--title'])
  expect(complete('steward', 'completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']))
  expect(complete('steward', 'plan')).toEqual(['plans', 'plan'])
  expect(complete('steward', 'plan', '--y')).toEqual(['--yes'])
  expect(complete('steward', 'history', 'ex')).toEqual(['export'])
  expect(complete('steward', 'history', '--st')).toEqual(['--status'])
  expect(complete('steward', 'daemon', 'st')).toEqual(['start', 'stop', 'status'])
})
test('zsh and fish get every operation too, and another shell is refused by name', () => {
  for (const shell of ['zsh', 'fish'])
    for (const word of ['sessions', 'rename', '--title', 'tool-result']) expect(completionScript(shell, program)).toContain(word)
  expect(() => completionScript('tcsh', program)).toThrow(Fault)
})
