import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { until } from '@steward/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessibleThere, lackingChromium, openConsole, startBrowser, startHost, type Host, type Opened } from './harness.ts'

describe.skipIf(lackingChromium !== null)(`what a person keeps in the settings${lackingChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  let opened: Opened
  let page: Page
  /** One that is known and can be used. */
  let model: string
  beforeAll(async () => {
    ;[browser, host] = await Promise.all([startBrowser(), startHost({ startMs: 60_000, env: { STEWARD_TOOLS_FETCH_ALLOW: '["127.0.0.1"]' } })])
    opened = await openConsole(browser, host)
    page = opened.page
    model = (await host.client.models.list({ limit: 200, available: true })).items.find(({ id }) => id !== 'builtin')?.id ?? ''
  }, 100_000)
  afterAll(async () => {
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })
  const dialog = () => page.getByRole('dialog')
  const deed = async (of: string, name: string) => {
    await page.getByRole('button', { name: `More for ${of}` }).click()
    await page.getByRole('menuitem', { name, exact: true }).click()
  }

  test('an agent is made, changed, preferred, and deleted once it is not the default any more', async () => {
    await opened.go('/settings/agents')
    await page.getByRole('button', { name: 'New agent' }).click()
    await dialog().getByLabel('Name').fill('Reviewer')
    await dialog().getByLabel('Instructions').fill('Read twice.')
    await dialog().getByLabel('Model', { exact: true }).selectOption(model)
    await dialog().getByLabel('Tools', { exact: true }).fill('files.read\nshell.*')
    await dialog().getByLabel('Money in USD').fill('minus one')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog().getByRole('alert').waitFor()
    await dialog().getByLabel('Money in USD').fill('2.50')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Reviewer', exact: true }).waitFor()
    const find = async () => (await host.client.agents.list({})).items.find(({ name }) => name === 'Reviewer')
    expect(await find()).toMatchObject({ instructions: 'Read twice.', model, tools: ['files.read', 'shell.*'], budgetUsd: 2.5, isDefault: false })
    await deed('Reviewer', 'Make it the default')
    await page.getByText('Reviewer is the default agent').waitFor()
    expect((await find())?.isDefault).toBe(true)
    await page.getByRole('button', { name: 'Undo' }).click()
    await until(async () => (await find())?.isDefault === false, { timeoutMs: 10_000, what: 'the former default' })
    await page.getByRole('button', { name: 'Reviewer', exact: true }).click()
    await expectAccessibleThere(page)
    await dialog().getByLabel('Name').fill('Second reader')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Second reader', exact: true }).waitFor()
    await deed('Second reader', 'Delete')
    await dialog().getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Second reader was deleted').waitFor()
    expect((await host.client.agents.list({})).items.map(({ name }) => name)).not.toContain('Second reader')
  })
  test('a hook sends a signed request when it is tried, shows what became of it, and rests when it is off', async () => {
    const heard: { headers: IncomingHttpHeaders; body: string }[] = []
    await using server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      heard.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
      response.writeHead(204).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    await opened.go('/settings/hooks')
    await page.getByRole('button', { name: 'Tell an address when I am asked' }).click()
    await dialog()
      .getByLabel('Address')
      .fill(`http://127.0.0.1:${(server.address() as AddressInfo).port}/told`)
    await dialog().getByRole('button', { name: 'Save' }).click()
    await page.getByText('approval.asked, question.asked').waitFor()
    await deed('Tell me when I am asked', 'New secret')
    const secret = await dialog().getByRole('textbox', { name: 'The secret of the hook' }).inputValue()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Send a test: Tell me when I am asked' }).click()
    await page.getByRole('list', { name: 'Deliveries' }).getByText('delivered', { exact: true }).waitFor()
    const { headers, body } = heard[0] ?? { headers: {}, body: '' }
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
    const mac = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
      .update(signed)
      .digest('base64')
    expect(headers['webhook-signature']).toBe(`v1,${mac}`)
    await deed('Tell me when I am asked', 'Switch off')
    await page.getByText('off', { exact: true }).waitFor()
    await expectAccessibleThere(page)
    await deed('Tell me when I am asked', 'Delete')
    await dialog().getByRole('button', { name: 'Delete' }).click()
    await page.getByText('No hook yet').waitFor()
    expect((await host.client.hooks.list({})).items).toEqual([])
  })
  test('a skill is made from the example, changed, thrown away and put back; one with a fault says where', async () => {
    await opened.go('/settings/skills')
    await page.getByRole('button', { name: 'Make that one' }).click()
    await dialog().getByLabel('Tags').fill('writing, news')
    await dialog().getByRole('button', { name: 'New skill' }).click()
    await page.getByRole('button', { name: 'release-notes' }).click()
    await dialog().getByLabel('Text').fill('Say what changed.\n')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await page.getByText('release-notes is saved').waitFor()
    const file = path.join(path.dirname(host.home), 'steward', 'skills', 'release-notes', 'SKILL.md')
    expect(readFileSync(file, 'utf8')).toContain('Say what changed.')
    await dialog().getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Deleted skills').waitFor()
    await page.getByRole('button', { name: /^Put back/ }).click()
    await page.getByRole('button', { name: 'release-notes' }).waitFor()
    await page.getByLabel('Tag', { exact: true }).selectOption('news')
    writeFileSync(file, '---\nname: release-notes\n---\nNo description.\n')
    await page.getByLabel('Tag', { exact: true }).selectOption('')
    await page.getByText('has faults').waitFor()
    await page.getByText(/SKILL\.md, line \d/).waitFor()
    await expectAccessibleThere(page)
  })
  test('a secret is set, never shown again, replaced and removed', async () => {
    await opened.go('/settings/secrets')
    const set = async (name: string, value: string) => {
      await page.getByLabel('Name').fill(name)
      await page.getByLabel('Value').fill(value)
      await page.getByRole('button', { name: 'Set', exact: true }).click()
    }
    await set('No Such', 'x')
    await page.getByLabel('Name').and(page.locator('[aria-invalid=true]')).waitFor()
    await set('weather.key', 'not-to-be-shown-1')
    await page.getByText('weather.key is kept').waitFor()
    await page.getByRole('button', { name: 'Replace: weather.key' }).click()
    expect(await page.getByLabel('Name').inputValue()).toBe('weather.key')
    expect(await page.content()).not.toContain('not-to-be-shown-1')
    await expectAccessibleThere(page)
    await page.getByRole('button', { name: 'Remove: weather.key' }).click()
    await dialog().getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No secret yet').waitFor()
    expect((await host.client.secrets.list({})).items).toEqual([])
  })
  test('a backup is made and found whole; one that was harmed says what is wrong; it is deleted by its name', async () => {
    await opened.go('/settings/backups')
    await page.getByRole('button', { name: 'Make a backup' }).click()
    await page.getByRole('button', { name: /^Check / }).click()
    await page.getByText(/^Whole: \d+ databases and \d+ files\.$/).waitFor()
    await expectAccessibleThere(page)
    const { name, path: folder } = (await host.client.backups.list({})).items[0] ?? { name: '', path: '' }
    writeFileSync(path.join(folder, 'settings.db'), 'no database')
    await page.reload()
    await page.getByRole('button', { name: `Check ${name}` }).click()
    await page.getByText('It is not whole').waitFor()
    await page.getByRole('button', { name: `Delete ${name}` }).click()
    await dialog()
      .getByRole('button', { name: `Delete ${name}` })
      .click()
    await page.getByText('No backup yet').waitFor()
  })
  test('a price that is corrected counts at once, and the known one comes back', async () => {
    await opened.go('/settings/models')
    const inputOf = async () => (await host.client.models.list({ limit: 200 })).items.find(({ id }) => id === model)?.price.input
    const known = await inputOf()
    await page
      .getByRole('row')
      .filter({ has: page.getByText(model, { exact: true }) })
      .click()
    await dialog().getByLabel('Input').fill('7.25')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await page.getByText(`The price of ${model} is saved`).waitFor()
    expect(await inputOf()).toBe(7.25)
    await page
      .getByRole('row')
      .filter({ has: page.getByText(model, { exact: true }) })
      .click()
    await dialog().getByRole('button', { name: 'Back to the known price' }).click()
    await page
      .getByRole('row')
      .filter({ has: page.getByText(model, { exact: true }) })
      .getByText('7.25')
      .waitFor({ state: 'hidden' })
    expect(await inputOf()).toBe(known)
    expect(opened.wrong).toEqual([])
  })
})
