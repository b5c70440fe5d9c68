import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessibleThere, lackingChromium, openConsole, startBrowser, startHost, type Host, type Opened } from './harness.ts'

const tinyServer = fileURLToPath(new URL('./tiny-mcp.mjs', import.meta.url))

describe.skipIf(lackingChromium !== null)(`the tools${lackingChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  let opened: Opened
  beforeAll(async () => {
    ;[browser, host] = await Promise.all([startBrowser(), startHost({ startMs: 60_000 })])
    opened = await openConsole(browser, host)
  }, 100_000)
  afterAll(async () => {
    await opened?.[Symbol.asyncDispose]()
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })

  test('a tool is found, shows what would happen, and writes its file once a person has allowed it', async () => {
    const { page } = opened
    await opened.go('/tools?view=all')
    await page.getByLabel('Search tools').fill('write files')
    await page.getByRole('link', { name: /Write a file/ }).click()
    const panel = page.getByRole('dialog', { name: 'files.write' })
    await panel.getByLabel('path').fill('tried.txt')
    await panel.getByLabel('content').fill('by hand')
    await panel.getByRole('button', { name: 'See what would happen' }).click()
    await panel.getByText('It would ask you first.').waitFor()
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await expectAccessibleThere(page)
    }
    await panel.getByRole('button', { name: 'Run it' }).click()
    await panel
      .getByRole('button', { name: /^Allow/ })
      .first()
      .click()
    await panel.getByText('completed').waitFor()
    expect(readFileSync(path.join(host.workspace, 'tried.txt'), 'utf8')).toBe('by hand')
    // Its address leads back to it.
    expect(page.url()).toContain('/tools/files?tool=files.write')
  })
  test('an MCP server is connected by its command line, its tool works, and its end is seen', async () => {
    const { page } = opened
    await opened.go('/tools')
    await page.getByRole('button', { name: 'Connect an MCP server' }).click()
    await page.getByLabel('Short name').fill('tiny')
    await page.getByLabel('Command line').fill(`${process.execPath} "${tinyServer}"`)
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'tiny' }).waitFor()
    await page.getByRole('link', { name: /shout/ }).click()
    const panel = page.getByRole('dialog', { name: 'tiny.shout' })
    await panel.getByLabel('words').fill('hello')
    await panel.getByRole('button', { name: 'Run it' }).click()
    await panel
      .getByRole('button', { name: /^Allow/ })
      .first()
      .click()
    await panel.getByText('HELLO').first().waitFor()
    await panel.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Turn off' }).click()
    await page.getByText('off', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('ready', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.waitForURL(/\/tools$/)
    expect((await host.client.apps.list({ limit: 200 })).items.map(({ id }) => id)).not.toContain('tiny')
  })
  test('a manifest that cannot be taken shows its file, line and what is wrong', async () => {
    const { page } = opened
    const folder = path.join(path.dirname(host.home), 'steward', 'apps')
    mkdirSync(folder, { recursive: true })
    await opened.go('/tools')
    writeFileSync(path.join(folder, 'broken.app.json'), '{\n  "id": "broken",\n  "name": 4,\n  "tools": []\n}\n')
    await page.getByText(/broken\.app\.json, line 3/).waitFor()
    await page.getByText(/expected string/).waitFor()
    await expectAccessibleThere(page)
  })
  test('a login of an app that a vendor refuses shows its code and no other words, which leave the address at once', async () => {
    const { page } = opened
    await opened.go('/authorized?error=access_denied&error_description=Call+this+number')
    await page.getByText('The login of the app was refused (access_denied).').waitFor()
    expect(page.url()).toBe(`${host.url}/app/authorized`)
    expect(await page.content()).not.toContain('Call this number')
    await opened.go('/authorized?code=made-up&state=unknown')
    await page.getByText('No login of an app waits for this answer').waitFor()
    expect(page.url()).toBe(`${host.url}/app/authorized`)
    expect(opened.wrong.filter((one) => !/422/.test(one))).toEqual([])
  })
})
