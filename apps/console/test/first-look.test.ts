import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { lackingChromium, openConsole, startBrowser, startHost } from './harness.ts'

describe.skipIf(lackingChromium !== null)(`the console${lackingChromium ?? ''}`, () => {
  let browser: Browser
  beforeAll(async () => void (browser = await startBrowser()))
  afterAll(() => browser?.close())

  test('the address that is printed at the start logs a browser in, once', async () => {
    await using host = await startHost()
    await using first = await openConsole(browser, host)
    await first.page.getByRole('link', { name: 'Sessions' }).first().waitFor()
    expect(first.page.url()).not.toContain('code')
    await first.page.reload()
    await first.page.getByRole('link', { name: 'Sessions' }).first().waitFor()
    const stranger = await (await browser.newContext()).newPage()
    await stranger.goto(`${host.url}/app/sessions`)
    await stranger.getByText('This browser is not logged in').waitFor()
    expect(first.wrong).toEqual([])
  })
})
