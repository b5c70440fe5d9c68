import { appendFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { expectAccessibleThere, lackingChromium, model, openConsole, startBrowser, startHost, type Host, type Opened } from './harness.ts'

describe.skipIf(lackingChromium !== null)(`what the daemon has recorded${lackingChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  let opened: Opened
  beforeAll(async () => {
    host = await startHost({
      turns: () => ({ text: 'Done.', usage: { inputTokens: 200_000, outputTokens: 10_000, cacheReadTokens: 300_000, cacheWriteTokens: 0 } }),
      env: { STEWARD_MODELS_DEFAULT: model },
      startMs: 60_000,
    })
    browser = await startBrowser()
    opened = await openConsole(browser, host)
    opened.page.setDefaultTimeout(12_000)
  }, 120_000)
  afterAll(async () => {
    await opened?.context.close()
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })

  test('what runs have cost is shown to the cent in totals, table and chart, by day and by task, with the runs behind a figure', async () => {
    const { page } = opened
    const { client } = host
    // 0.2 · $3 + 0.3 · $0.30 + 0.01 · $15 = $0.84 for each run.
    await client.models.price({ model, price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 } })
    const { id } = await client.sessions.create({ title: 'Costly work', model })
    await client.runs.start({ subject: { sessionId: id }, input: 'go' })
    const task = await client.tasks.create({ name: 'Costly task', target: { kind: 'prompt', text: 'go' }, start: true })
    await expect.poll(async () => (await client.usage.totals({ by: 'task' })).items.length, { timeout: 15_000 }).toBe(2)
    expect((await client.tasks.get({ id: task.id })).kind).toBe('stored')
    await opened.go('/usage')
    const totals = page.getByLabel('Totals')
    await totals.getByText('$1.68', { exact: true }).waitFor()
    await totals.getByText('60 %').waitFor()
    await totals.getByText('1M', { exact: true }).waitFor()
    await page.getByRole('table', { name: 'Usage' }).getByText('$1.68', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Show the figures' }).click()
    await page.getByRole('figure', { name: 'Cost' }).getByText('$1.68', { exact: true }).first().waitFor()
    await page.getByRole('tab', { name: 'Task' }).click()
    const usage = page.getByRole('table', { name: 'Usage' })
    await usage.getByRole('row', { name: 'Not by a task' }).getByText('$0.84', { exact: true }).waitFor()
    await usage.getByRole('button', { name: 'Costly task' }).click()
    await page.getByRole('dialog').getByRole('link', { name: 'Costly task' }).waitFor()
    expect(page.url()).toContain('by=task')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Edit the budget of Each run' }).click()
    await page.getByLabel('Budget of each run, in USD').fill('2.50')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('$2.50', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await client.settings.get({ key: 'runs.budgetUsd' })).value).toBe(null)
    await expectAccessibleThere(page)
  })

  test('new lines of the log come by themselves, are filtered by the address, and wait while one is paused', async () => {
    const { page } = opened
    const say = (msg: string, level = 'info', more: object = {}) =>
      appendFileSync(
        path.join(host.home, 'logs', 'steward.log'),
        `${JSON.stringify({ level, time: new Date().toISOString(), pid: 1, component: 'http', msg, ...more })}\n`,
      )
    say('An early line.')
    await opened.go('/logs')
    const lines = page.getByRole('table', { name: 'Lines of the log' })
    await lines.getByText('An early line.').waitFor()
    say('The disk is \u202Efull.', 'warn', { path: '/srv/disk' })
    await lines.getByText('The disk is').waitFor()
    await page.getByLabel('Level', { exact: true }).selectOption('warn')
    await lines.getByText('The disk is').waitFor()
    await expect.poll(() => lines.getByText('An early line.').count()).toBe(0)
    await page.getByRole('searchbox', { name: 'Text in messages' }).fill('SRV/disk')
    await expect.poll(() => page.url()).toContain('disk')
    await page.reload()
    await lines.getByRole('button', { name: 'The disk is' }).click()
    await page.getByRole('dialog').getByText('/srv/disk').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Pause' }).click()
    say('A second disk.', 'warn', { path: '/srv/disk' })
    await page.getByText('Paused. New lines are not read.').waitFor()
    await page.getByRole('button', { name: 'Follow' }).click()
    await lines.getByText('A second disk.').waitFor()
    await page.getByLabel('The daemon says').selectOption('error')
    await expect.poll(async () => (await host.client.settings.get({ key: 'log.level' })).value).toBe('error')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await host.client.settings.get({ key: 'log.level' })).source).toBe('default')
    await expectAccessibleThere(page)
  })

  test('a memory is found, changed and forgotten, and each of it can be undone', async () => {
    const { page } = opened
    await opened.go('/memory')
    await page.getByRole('button', { name: 'Remember an example' }).click()
    const memories = page.getByRole('table', { name: 'Memories' })
    await memories.getByText('Answer in short sentences').waitFor()
    await page.getByRole('button', { name: 'New memory' }).click()
    await page.getByLabel('Text').fill('The demo is on Friday at ten.\n---\nBring tea.')
    await page.getByLabel('Tags').fill('Demo, dates')
    await page.getByRole('button', { name: 'Save' }).click()
    const row = memories.getByRole('button', { name: 'The demo is on Friday' })
    await row.waitFor()
    const [before] = (await host.client.memory.search({ query: 'demo' })).items
    const whole = await host.client.memory.get({ id: before?.id ?? '' })
    await page.getByRole('searchbox', { name: 'Search the memory' }).fill('when is the demo')
    await expect.poll(() => memories.getByText('Answer in short').count()).toBe(0)
    await row.click()
    await page.getByLabel('Text').fill('The demo is on Monday.')
    await page.getByRole('button', { name: 'Save' }).click()
    await memories.getByText('on Monday').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await row.click()
    const again = await host.client.memory.get({ id: whole.id })
    expect(again.text).toBe(whole.text)
    await page.getByRole('button', { name: 'Forget' }).click()
    await page.getByText('Nothing was found').waitFor()
    await page.getByText('Forgotten.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await row.waitFor()
    expect(await host.client.memory.get({ id: whole.id })).toEqual(again)
    await expectAccessibleThere(page)
  })

  test('the audit says that it is whole, and after somebody has changed it, where it breaks', async () => {
    const { page } = opened
    await opened.go('/history')
    await page.getByRole('link', { name: 'Audit', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor()
    await opened.go('/audit?name=call.committed')
    const entries = page.getByRole('table', { name: 'Entries of the audit' })
    await entries.getByText('memory.save').first().waitFor()
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText(/^Intact: [\d,]+ entries checked\.$/).waitFor()
    await entries.getByRole('button', { name: 'Change made' }).first().click()
    await page.getByRole('dialog').getByText('"owner"').waitFor()
    await page.keyboard.press('Escape')
    await expectAccessibleThere(page)
    const waiting = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export' }).click()
    expect((await waiting).suggestedFilename()).toBe('audit.jsonl')
    using tampered = new DatabaseSync(path.join(host.home, 'agents.db'), { timeout: 5_000 })
    tampered.exec("UPDATE audit SET caller = 'nobody' WHERE seq = 2")
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByRole('alert').getByText('The chain breaks at entry 2.').waitFor()
    expect(opened.wrong).toEqual([])
  })
})
