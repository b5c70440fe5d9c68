import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createWireServer, makeOAuthServers, type WireServer } from '@steward/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lackingChromium, openConsole, startBrowser, startHost, type Host, type Opened } from './harness.ts'

describe.skipIf(lackingChromium !== null)(`what is on this host already${lackingChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  let opened: Opened
  let page: Page
  let models: WireServer
  beforeAll(async () => {
    models = await createWireServer({ turns: [{ text: 'Hello from your own machine.' }] })
    ;[browser, host] = await Promise.all([startBrowser(), startHost({ key: false, startMs: 60_000, env: { OLLAMA_HOST: models.url } })])
    opened = await openConsole(browser, host)
    page = opened.page
  }, 100_000)
  afterAll(async () => {
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
    await models?.close()
  })

  test('a key that another tool keeps is found, and used with a press', async () => {
    const folder = path.join(path.dirname(host.home), '.codex')
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'auth.json'), '{"OPENAI_API_KEY":"sk-of-another-tool-0001"}', { mode: 0o600 })
    await opened.go('/welcome')
    await page.getByRole('button', { name: 'Use it: OpenAI' }).click()
    await opened.go('/settings/models')
    await page.getByText('auth.json').first().waitFor()
    expect((await host.client.auth.list({})).items).toMatchObject([{ provider: 'openai', source: 'file', tail: '0001' }])
    expect(await page.content()).not.toContain('sk-of-another-tool')
  })
  test('a model server that runs here is found where its own variable says, connected with a press, and answers', async () => {
    await opened.go('/welcome')
    await page.getByText(`${models.url}/v1`).waitFor()
    await page.getByRole('button', { name: 'Connect: Ollama' }).click()
    await opened.go('/sessions')
    await page.keyboard.press('c')
    await page.getByRole('textbox', { name: 'Message' }).fill('Hello')
    await page.getByRole('button', { name: /^Model/ }).click()
    await page
      .getByRole('option', { name: /ollama\// })
      .first()
      .click()
    await page.getByRole('textbox', { name: 'Message' }).press('Enter')
    await page.getByText('Hello from your own machine.').waitFor()
    expect((await host.client.providers.list({ limit: 200 })).items.find(({ id }) => id === 'ollama')).toMatchObject({ baseUrl: `${models.url}/v1` })
  })
  test('an MCP server that asks for a login is logged in to by its own page, and its tool works', async () => {
    await using servers = await makeOAuthServers()
    await opened.go('/tools')
    await page.getByRole('button', { name: 'Connect an MCP server' }).click()
    await page.getByLabel('Short name').fill('guarded')
    await page.getByLabel('Kind').selectOption('address')
    await page.getByLabel('Address', { exact: true }).fill(servers.url)
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.getByText('needs a login').first().waitFor()
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.waitForURL(/\/app\/authorized/)
    await page.getByRole('link', { name: /guarded/i }).click()
    await page.getByText('ready', { exact: true }).waitFor()
    expect(page.url()).not.toMatch(/code=|state=/)
    await page.getByRole('link', { name: /whoami/ }).click()
    const panel = page.getByRole('dialog', { name: 'guarded.whoami' })
    await panel.getByRole('button', { name: 'Run it' }).click()
    await panel
      .getByRole('button', { name: /^Allow/ })
      .first()
      .click()
    await panel.getByText('you hold access-').first().waitFor()
    // The login page is the one address outside of the host that was gone to.
    expect(opened.wrong.filter((one) => !/^request to .*\/authorize\?/.test(one))).toEqual([])
  })
})
