import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessibleThere, lackingChromium, openConsole, startBrowser, startHost, type Host } from './harness.ts'

describe.skipIf(lackingChromium !== null)(`the first visit${lackingChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  beforeAll(async () => {
    ;[browser, host] = await Promise.all([startBrowser(), startHost({ key: false, startMs: 60_000 })])
    writeFileSync(path.join(host.workspace, 'zebra.md'), 'striped')
  }, 100_000)
  afterAll(async () => {
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })

  test('without a key it says what works, and by the keyboard alone one goes on without and gets a first answer', async () => {
    await using opened = await openConsole(browser, host)
    const { page } = opened
    await page.getByRole('heading', { name: 'Welcome to Steward' }).waitFor()
    await page.getByText('It is not a language model').waitFor()
    await page.getByText('http://127.0.0.1:11434/v1').waitFor()
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await expectAccessibleThere(page)
    }
    await page.getByRole('button', { name: 'Go on without a key' }).focus()
    await page.keyboard.press('Enter')
    // The request stands there and has the focus.
    await page.getByLabel('Request').waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/sessions\/ses_/)
    await page.getByRole('main').getByText('zebra.md').first().waitFor()
    expect(opened.wrong).toEqual([])
  })
  test('it is shown once in a browser, and found again in the settings', async () => {
    await using opened = await openConsole(browser, host)
    const { page } = opened
    await page.getByRole('heading', { name: 'Welcome to Steward' }).waitFor()
    await opened.go('/')
    await page.waitForURL(/\/app\/sessions/)
    await opened.go('/settings/models')
    await page.getByRole('link', { name: 'Show the welcome again' }).click()
    await page.getByRole('heading', { name: 'Welcome to Steward' }).waitFor()
    expect(opened.wrong).toEqual([])
  })
})
