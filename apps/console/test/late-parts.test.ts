import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { lackingChromium, openConsole, startBrowser, startHost, type Host } from './harness.ts'

describe.skipIf(lackingChromium !== null)(`parts that are loaded late${lackingChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  beforeAll(async () => void ([browser, host] = await Promise.all([startBrowser(), startHost()])), 60_000)
  afterAll(async () => {
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })

  test('a menu that is opened for the first time opens with the focus on its first item, and leaves it on its button when it closes', async () => {
    await using opened = await openConsole(browser, host, { viewport: { width: 390, height: 844 } })
    const { page } = opened
    for (const _ of ['first', 'again']) {
      await page.getByRole('button', { name: 'More' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('menuitem', { name: 'Tasks' }).waitFor()
      await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('menuitem')
      await page.keyboard.press('Escape')
      await page.getByRole('menuitem', { name: 'Tasks' }).waitFor({ state: 'hidden' })
      await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('More')
    }
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Tasks' }).click()
    await page.getByRole('heading', { name: 'Tasks' }).waitFor()
    expect(opened.wrong).toEqual([])
  })
  test('a menu whose code cannot be had just then opens as soon as it can, without a reload', async () => {
    await using opened = await openConsole(browser, host, { viewport: { width: 390, height: 844 } })
    const { page } = opened
    let isAway = true
    const refused: string[] = []
    await page.route('**/app/assets/menu-list*', (route) => {
      if (!isAway) return route.continue()
      refused.push(route.request().url())
      return route.abort('connectionrefused')
    })
    await page.getByRole('button', { name: 'More' }).click()
    await expect.poll(() => refused.length, { timeout: 10_000 }).toBeGreaterThan(1)
    isAway = false
    await page.getByRole('menuitem', { name: 'Tasks' }).click()
    await page.getByRole('heading', { name: 'Tasks' }).waitFor()
    expect(opened.wrong).toEqual([])
  })
})
