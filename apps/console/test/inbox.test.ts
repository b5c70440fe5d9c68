import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { lastUserText, toolResults, until, type Script, type WireCall } from '@steward/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lackingChromium, model, openConsole, startBrowser, startHost, type Host } from './harness.ts'

const options = [{ label: 'SQLite' }, { label: 'PostgreSQL', description: 'needs a server' }]
const questions = [
  { id: 'db', question: 'Which database?', header: 'Store', options },
  { id: 'extras', question: 'Which extras?', multiSelect: true, options: [{ label: 'cache' }, { label: 'queue' }, { label: 'mail' }] },
  { id: 'name', question: 'What is its name?' },
]
/** What the model calls for what it is told; then it says what came of it. */
const calls: Readonly<Record<string, readonly WireCall[]>> = {
  write: [{ name: 'files_write', input: { path: 'notes.md', content: 'one\ntwo\n' } }],
  shell: [{ name: 'shell_run', input: { command: 'ls -la && touch made-1.txt', description: 'Makes a file' } }],
  'shell again': [{ name: 'shell_run', input: { command: 'touch made-2.txt' } }],
  fetch: [{ name: 'web_fetch', input: { url: 'https://bank.example@evil.example/login' } }],
  ask: [{ name: 'ask_questions', input: { questions } }],
}
const turns: Script = (request) => {
  const results = toolResults(request)
  const said = lastUserText(request)
  return results.length > 0 ? { text: `Result: ${results.at(-1)?.text}` } : { calls: calls[said] ?? [] }
}

describe.skipIf(lackingChromium !== null)(`the inbox${lackingChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  beforeAll(async () => {
    ;[browser, host] = await Promise.all([startBrowser(), startHost({ turns })])
  })
  afterAll(async () => {
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })
  /** A session whose agent wants something; answers its ids when it waits. */
  async function waiting(text: string) {
    const { id } = await host.client.sessions.create({ model, title: `Session for ${text}` })
    const { runId } = await host.client.messages.send({ sessionId: id, text })
    await until(async () => (await host.client.runs.get({ id: runId })).status === 'waiting', { what: 'a run that waits' })
    return { id, runId }
  }
  const ended = (runId: string) =>
    until(async () => ['completed', 'failed'].includes((await host.client.runs.get({ id: runId })).status), { what: 'a run that has ended' })
  const lastText = async (sessionId: string) => (await host.client.messages.list({ sessionId })).items.at(-1)?.text ?? ''

  test('a change is seen whole and allowed by the keyboard, and the next that waits has the focus', async () => {
    const first = await waiting('write')
    const second = await waiting('ask')
    await using opened = await openConsole(browser, host)
    const { page } = opened
    await opened.go('/inbox')
    const card = page.getByRole('article', { name: 'files.write asks' })
    await card.getByText('two').first().waitFor()
    await card.getByText(host.workspace, { exact: true }).waitFor()
    await page.keyboard.press('j')
    await expect.poll(() => card.evaluate((element) => element === document.activeElement)).toBe(true)
    await card.locator('[aria-keyshortcuts=A]').waitFor()
    expect(existsSync(path.join(host.workspace, 'notes.md'))).toBe(false)
    await page.keyboard.press('a')
    await ended(first.runId)
    expect(readFileSync(path.join(host.workspace, 'notes.md'), 'utf8')).toBe('one\ntwo\n')
    await card.waitFor({ state: 'detached' })
    const question = page.getByRole('article', { name: 'Question' })
    await expect.poll(() => question.evaluate((element) => element.contains(document.activeElement))).toBe(true)

    await expect.poll(async () => (await page.keyboard.press('2'), question.getByRole('radio', { name: 'PostgreSQL' }).isChecked())).toBe(true)
    await page.keyboard.press('1')
    await page.keyboard.press('3')
    await question.getByRole('textbox', { name: 'Your answer' }).fill('Ledger')
    await page.keyboard.press('Enter')
    await ended(second.runId)
    expect(await lastText(second.id)).toContain('PostgreSQL')
    expect(await lastText(second.id)).toContain('cache, mail')
    expect(await lastText(second.id)).toContain('Ledger')
    await page.getByText('Nothing waits for you').waitFor()
    expect(opened.wrong).toEqual([])
  })
})
