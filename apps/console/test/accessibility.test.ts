import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { byTheme, expectAccessible, lackingChromium, openConsole, startBrowser, startHost, type Host } from './harness.ts'
import { options, seed } from './seed.ts'

const sections = ['agents', 'tokens', 'hooks', 'skills', 'secrets', 'channels', 'backups', 'appearance', 'notifications', 'about']
describe.skipIf(lackingChromium !== null)(`every page${lackingChromium ?? ''}`, { timeout: 240_000 }, () => {
  let browser: Browser
  let host: Host
  let addresses: readonly string[]
  beforeAll(async () => {
    ;[browser, host] = await Promise.all([startBrowser(), startHost(options)])
    addresses = [...(await seed(host)), ...sections.map((section) => `/settings/${section}`)]
  }, 90_000)
  afterAll(async () => {
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })
  test('of a working day has nothing in the way of people who do not see or point, in both themes', async () => {
    await using opened = await openConsole(browser, host, { colorScheme: 'light' })
    const found: string[] = []
    for (const address of addresses) {
      await opened.go(address)
      await opened.page.getByRole('heading', { level: 1 }).first().waitFor()
      // The page of the parts shows on purpose how waiting looks.
      if (address !== '/parts') await expect.poll(() => opened.page.getByText('Loading…').count(), { timeout: 10_000 }).toBe(0)
      for (const [colorScheme, rules] of [
        ['light', undefined],
        ['dark', byTheme],
      ] as const) {
        await opened.page.emulateMedia({ colorScheme })
        await expectAccessible(opened.page, rules).catch((error: unknown) => found.push((error as Error).message))
      }
    }
    expect(found).toEqual([])
    expect(opened.wrong).toEqual([])
  })
})
