import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { expectAccessibleThere, lackingChromium, model, openConsole, startBrowser, startHost, type Host, type Opened } from './harness.ts'

describe.skipIf(lackingChromium !== null)(`tasks${lackingChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  let opened: Opened
  beforeAll(async () => {
    host = await startHost({ turns: () => ({ text: 'Deployed.', firstByteMs: 60_000 }), env: { STEWARD_MODELS_DEFAULT: model }, startMs: 60_000 })
    browser = await startBrowser()
    opened = await openConsole(browser, host, { timezoneId: 'America/New_York' })
    opened.page.setDefaultTimeout(12_000)
  }, 120_000)
  afterAll(async () => {
    await opened?.context.close()
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })

  test('a task is made by form: the next five times are shown as one writes, and what is wrong is told at its field', async () => {
    const { page } = opened
    await opened.go('/tasks')
    await page.getByRole('button', { name: 'New task' }).click()
    const form = page.getByRole('dialog', { name: 'New task' })
    await form.getByLabel('Name', { exact: true }).fill('Greeting')
    await form.getByLabel('Prompt', { exact: true }).fill('Greet me.')
    const times = form.getByRole('list', { name: 'Fires next' })
    await expect.poll(() => times.getByText(/, 07:00$/).count()).toBe(5)
    await form.getByLabel('When').selectOption('By a cron expression')
    await form.getByLabel('Cron expression').fill('0 25 * * *')
    await form.getByRole('alert').getByText('cannot be "25"').waitFor()
    await form.getByLabel('Cron expression').fill('30 8 * * 1')
    await form.getByLabel('Time zone').fill('Europe/Berlin')
    await expect.poll(() => times.getByText(/^Mon, .* 08:30/).count()).toBe(5)
    await times.getByText(/here$/).first().waitFor()
    await form.getByLabel('When').selectOption('On days of the week at …')
    await form.getByLabel('Time', { exact: true }).fill('09:15')
    await form.getByLabel('Wednesday').check()
    await expect.poll(() => times.getByText(/^Wed, .* 09:15/).count()).toBeGreaterThan(1)
    await form.getByRole('button', { name: 'Create task' }).click()
    await page.getByRole('heading', { level: 1, name: 'Greeting' }).waitFor()
    await page.getByText('Monday, Wednesday at 09:15 (Europe/Berlin)').waitFor()
    const { items } = await host.client.tasks.list({ kind: 'stored' })
    expect(items).toMatchObject([
      { name: 'Greeting', target: { kind: 'prompt', text: 'Greet me.' }, schedule: { expression: '15 9 * * 1,3', zone: 'Europe/Berlin' } },
    ])
    await expectAccessibleThere(page)
    await opened.go('/tasks?tab=calendar')
    const day = page.getByRole('gridcell').getByRole('button', { name: /^Wednesday .*, 1 task$/ })
    await day.first().waitFor()
    await page.getByRole('gridcell').locator('[tabindex="0"]').focus()
    for (const key of ['PageDown', 'PageDown', 'ArrowRight']) {
      const before = await page.evaluate(() => document.activeElement?.getAttribute('data-day'))
      await page.keyboard.press(key)
      await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-day'))).not.toBe(before)
    }
    await day.first().waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('list', { name: 'Next fires' }).getByRole('link', { name: 'Greeting' }).first().waitFor()
    await page.getByText('09:15 in Berlin').first().waitFor()
    await expectAccessibleThere(page)
  })

  test('a task that fires every second shows its runs as they come; a pause stops it and is undone', async () => {
    const { page } = opened
    const { id } = await host.client.tasks.create({
      name: 'Tick',
      target: { kind: 'tool', toolId: 'files.list', inputs: {} },
      schedule: { kind: 'interval', everyMs: 1_000 },
    })
    await opened.go(`/tasks/${id}`)
    const runs = page.getByRole('table', { name: 'Runs of the task' })
    await expect.poll(() => runs.getByText('completed').count(), { timeout: 15_000 }).toBeGreaterThan(1)
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('The task is paused').waitFor()
    await page.getByText('paused', { exact: true }).waitFor()
    expect(await host.client.tasks.get({ id })).toMatchObject({ status: 'paused', nextAt: null })
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('active', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Unit').selectOption('hours')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Every hour').waitFor()
    await runs.getByRole('link', { name: 'Execution' }).first().click()
    await expect.poll(() => page.url()).toContain('/history/exe_')
    await host.client.tasks.delete({ id })
  })

  test('a prompt that is run now is seen at work, steered and cancelled; its webhook secret is shown once', async () => {
    const { page } = opened
    const { id } = await host.client.tasks.create({
      name: 'Deploy',
      target: { kind: 'prompt', text: 'Deploy.' },
      triggers: [{ kind: 'webhook', signature: 'standard' }],
    })
    await opened.go(`/tasks/${id}`)
    await page.getByRole('button', { name: 'Run now' }).click()
    const runs = page.getByRole('table', { name: 'Runs of the task' })
    await runs.getByText('told').waitFor()
    await page.getByRole('heading', { name: 'Under way' }).waitFor()
    await page.getByLabel('A message for the running agent').fill('Only the docs.')
    await page.getByRole('button', { name: 'Steer' }).click()
    await page.getByText('It reads that before its next step.').waitFor()
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await runs.getByText('cancelled').waitFor()
    await expect.poll(() => page.getByRole('heading', { name: 'Under way' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Make a new secret' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make a new secret' }).click()
    await page
      .getByRole('dialog')
      .getByText(/^whsec_/)
      .waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    await expect.poll(() => page.getByText(/^whsec_/).count()).toBe(0)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page
      .getByRole('dialog')
      .getByText(/neither can be brought back/)
      .waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('The task was deleted.').waitFor()
    await expect.poll(() => page.url()).toMatch(/\/tasks$/)
  })

  test('what was missed while the daemon was down is told as what it is: how many, from when until when', async () => {
    const { page } = opened
    const { id } = await host.client.tasks.create({
      name: 'Missed',
      target: { kind: 'tool', toolId: 'files.list', inputs: {} },
      schedule: { kind: 'interval', everyMs: 600_000 },
      missed: 'one',
    })
    await opened.go(`/tasks/${id}`)
    await page.getByText('It has not fired yet').waitFor()
    host.kill()
    // As if it had been down since three hours ago.
    const longAgo = Math.floor((Date.now() - 3 * 3_600_000) / 600_000) * 600_000
    {
      using database = new DatabaseSync(path.join(host.home, 'agents.db'), { timeout: 5_000 })
      database.prepare('UPDATE schedules SET next_at = ? WHERE id = ?').run(new Date(longAgo).toISOString(), id)
    }
    await host.start()
    const runs = page.getByRole('table', { name: 'Runs of the task' })
    await runs.getByText(/^missed 1\d, /).waitFor()
    await runs.getByText('completed').first().waitFor()
    await expectAccessibleThere(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await expectAccessibleThere(page)
    await page.setViewportSize({ width: 390, height: 844 })
    await opened.go('/tasks?tab=calendar')
    await page.getByRole('list', { name: 'Next fires' }).waitFor()
    await expectAccessibleThere(page)
    expect(opened.wrong).toEqual([])
  })
})
