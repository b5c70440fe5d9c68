import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { lastUserText, toolResults, until, type Script, type WireCall } from '@steward/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessibleThere, lackingChromium, model, openConsole, startBrowser, startHost, type Host, type Opened } from './harness.ts'

/** A busy machine is given time. */
const soon = { timeout: 15_000 }
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
  'write more': [
    { name: 'files_write', input: { path: 'long.md', content: Array.from({ length: 200 }, (_, index) => `line ${index + 1}\n`).join('') } },
  ],
  hostile: [
    { name: 'shell_run', input: { command: 'printf "<img src=x onerror=alert(1)>\u202etxt.exe\u001b[2J"; touch x', description: '<b>bold</b>' } },
  ],
  ask: [{ name: 'ask_questions', input: { questions } }],
}
const turns: Script = (request) => {
  const results = toolResults(request)
  const said = lastUserText(request)
  return results.length > 0 ? { text: `Result: ${results.at(-1)?.text}` } : { calls: calls[said] ?? [] }
}

/** Keeps back what the daemon tells a page by itself, from the next page on; answers to what the page asks come as ever. */
async function lateNews(page: Page) {
  let held: (() => void)[] | undefined
  await page.routeWebSocket(/\/v1\/ws$/, (socket) => {
    const daemon = socket.connectToServer()
    daemon.onMessage((frame) => {
      const pass = () => socket.send(frame)
      if (held !== undefined && frame.toString().includes('"event"')) held.push(pass)
      else pass()
    })
  })
  return {
    hold: () => void (held = []),
    release() {
      for (const pass of held ?? []) pass()
      held = undefined
    },
  }
}

describe.skipIf(lackingChromium !== null)(`the inbox${lackingChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  let opened: Opened
  beforeAll(async () => {
    ;[browser, host] = await Promise.all([startBrowser(), startHost({ turns })])
    opened = await openConsole(browser, host)
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
    const { page } = opened
    await opened.go('/inbox')
    const card = page.getByRole('article', { name: 'files.write asks' })
    await card.getByText('two').first().waitFor()
    await card.getByText(host.workspace, { exact: true }).waitFor()
    await page.keyboard.press('j')
    await expect.poll(() => card.evaluate((element) => element === document.activeElement), soon).toBe(true)
    await card.locator('[aria-keyshortcuts=A]').waitFor()
    expect(existsSync(path.join(host.workspace, 'notes.md'))).toBe(false)
    await page.keyboard.press('a')
    await ended(first.runId)
    expect(readFileSync(path.join(host.workspace, 'notes.md'), 'utf8')).toBe('one\ntwo\n')
    await card.waitFor({ state: 'detached' })
    const question = page.getByRole('article', { name: 'Question' })
    await expect.poll(() => question.evaluate((element) => element.contains(document.activeElement)), soon).toBe(true)

    await expect.poll(async () => (await page.keyboard.press('2'), question.getByRole('radio', { name: 'PostgreSQL' }).isChecked()), soon).toBe(true)
    await page.keyboard.press('1')
    await page.keyboard.press('3')
    await question.getByRole('textbox', { name: 'Your answer' }).fill('Ledger')
    await page.keyboard.press('Enter')
    await ended(second.runId)
    expect(await lastText(second.id)).toContain('PostgreSQL')
    expect(await lastText(second.id)).toContain('cache, mail')
    expect(await lastText(second.id)).toContain('Ledger')
    await page.getByText('Nothing waits for you').waitFor()
    await expectAccessibleThere(page)
    expect(opened.wrong).toEqual([])
  })
  test('a denial tells the agent why, and is listed with its reason below what waits', async () => {
    const { id, runId } = await waiting('fetch')
    const { page } = opened
    await page.emulateMedia({ colorScheme: 'dark' })
    await opened.go('/inbox')
    const card = page.getByRole('article', { name: 'web.fetch asks' })
    expect(await card.getByRole('strong').textContent()).toBe('evil.example')
    await expectAccessibleThere(page)
    await page.keyboard.press('j')
    await card.locator('[aria-keyshortcuts=D]').waitFor()
    await page.keyboard.press('d')
    await page.getByRole('textbox', { name: 'Why not?' }).fill('That is not the bank.')
    await page.keyboard.press('Enter')
    await ended(runId)
    expect(await lastText(id)).toContain('That is not the bank.')
    const settled = page.getByRole('list', { name: 'Settled in the last day' })
    await settled.getByText('That is not the bank.').waitFor()
    await settled.getByText('Denied by you').first().waitFor()
    expect(opened.wrong).toEqual([])
  })
  test('a command is seen with its parts that ask, and always writes the rule as it was edited, which is then used', async () => {
    const { runId } = await waiting('shell')
    const { page } = opened
    await opened.go('/inbox')
    const card = page.getByRole('article', { name: 'shell.run asks' })
    await card.getByText('ls -la && touch made-1.txt').first().waitFor()
    await card.getByText('touch made-1.txt', { exact: true }).waitFor()
    await card.getByText('Makes a file').waitFor()
    await card.getByRole('button', { name: 'Always…' }).click()
    const rule = card.getByRole('form', { name: 'The rule that would be written' })
    expect(await rule.getByRole('textbox', { name: 'Pattern' }).inputValue()).toBe('touch made-1.txt')
    await rule.getByRole('textbox', { name: 'Pattern' }).fill('touch made-*.txt')
    await rule.getByRole('combobox', { name: 'Until' }).selectOption({ label: 'an hour from now' })
    await rule.getByRole('button', { name: 'Allow and write the rule' }).click()
    await ended(runId)
    expect(existsSync(path.join(host.workspace, 'made-1.txt'))).toBe(true)
    const { items } = await host.client.permissions.list({})
    expect(items).toMatchObject([{ tool: 'shell.run', pattern: 'touch made-*.txt', action: 'allow', level: 'workspace', workspace: host.workspace }])
    expect(Date.parse(items[0]?.expiresAt ?? '') - Date.now()).toBeGreaterThan(3_500_000)

    const { id } = await host.client.sessions.create({ model })
    await ended((await host.client.messages.send({ sessionId: id, text: 'shell again' })).runId)
    expect(existsSync(path.join(host.workspace, 'made-2.txt'))).toBe(true)
    expect(opened.wrong).toEqual([])
  })
  test('what waits is counted in the navigation and in the title; a call of an execution waits here too; who comes late is told who was first', async () => {
    const execution = await host.client.executions.start({ toolId: 'files.write', inputs: { path: 'by-hand.txt', content: 'x' }, waitMs: 5_000 })
    expect(execution.status).toBe('waiting')
    const { page } = opened
    const news = await lateNews(page)
    await opened.go('/inbox')
    await expect.poll(() => page.title(), soon).toBe('(1) Inbox · Steward')
    await page.getByRole('navigation').getByRole('link', { name: 'Inbox 1 waits for you' }).waitFor()
    const card = page.getByRole('article', { name: 'files.write asks' })
    await card.getByText(host.workspace, { exact: true }).waitFor()
    // Another answers, and the news of it are late: the page still shows the card.
    news.hold()
    await host.client.approvals.settle({ id: execution.approvalId ?? '', decision: 'approve' })
    await card.getByRole('button', { name: 'Allow' }).click()
    await page.getByText('This was settled before your answer came. Allowed by you.').waitFor()
    news.release()
    await page.getByText('Nothing waits for you').waitFor()
    await expect.poll(() => page.title(), soon).toBe('Inbox · Steward')
    expect(opened.wrong).toEqual([])
  })
  test('on a phone the whole deed opens in a sheet whose buttons are in reach, and nothing can be allowed before', async () => {
    const { runId } = await waiting('write more')
    await using phone = await openConsole(browser, host, { viewport: { width: 360, height: 740 }, hasTouch: true })
    const { page } = phone
    await phone.go('/inbox')
    const card = page.getByRole('article', { name: 'files.write asks' })
    expect(await card.getByRole('button', { name: 'Allow' }).count()).toBe(0)
    await card.getByRole('button', { name: 'Look and decide' }).tap()
    const sheet = page.getByRole('dialog', { name: 'files.write asks' })
    await sheet.getByText('line 200').first().waitFor({ state: 'attached' })
    const allow = sheet.getByRole('button', { name: 'Allow', exact: true })
    const box = await allow.boundingBox()
    expect(box).toMatchObject({ height: 44 })
    expect((box?.y ?? 0) + 44).toBeLessThanOrEqual(740)
    expect(box?.y ?? 0).toBeGreaterThan(500)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    await expectAccessibleThere(page)
    await allow.tap()
    await ended(runId)
    expect(readFileSync(path.join(host.workspace, 'long.md'), 'utf8')).toContain('line 200')
    expect(phone.wrong).toEqual([])
  })
  test('what an agent writes into a call is shown harmlessly', async () => {
    const { runId } = await waiting('hostile')
    const { page } = opened
    await opened.go('/inbox')
    const card = page.getByRole('article', { name: 'shell.run asks' })
    await card.getByText('<img src=x onerror=alert(1)>').first().waitFor()
    await card.getByText('RLO').first().waitFor()
    for (const sign of ['\u001b', '\u202e']) expect(await card.textContent()).not.toContain(sign)
    expect(await card.locator('img').count()).toBe(0)
    await card.getByRole('button', { name: 'Deny' }).click()
    await card.getByRole('button', { name: 'Deny' }).click()
    await ended(runId)
    expect(opened.wrong).toEqual([])
  })
})
