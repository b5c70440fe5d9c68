import { until } from '@steward/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessibleThere, lackingChromium, openConsole, startBrowser, startHost, type Host, type Opened } from './harness.ts'

const keys = { wrong: 'sk-wrong-key-of-the-story-0001', right: 'sk-right-key-of-the-story-0002' }

describe.skipIf(lackingChromium !== null)(`the settings${lackingChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  let opened: Opened
  beforeAll(async () => {
    ;[browser, host] = await Promise.all([startBrowser(), startHost({ key: false, startMs: 60_000 })])
    opened = await openConsole(browser, host)
  }, 100_000)
  afterAll(async () => {
    await opened?.[Symbol.asyncDispose]()
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })

  test("a wrong key is refused in the vendor's words and not kept; a right one works, and its test says so", async () => {
    const { page } = opened
    host.wire.revoke(keys.wrong)
    await opened.go('/settings/models')
    await page.getByRole('button', { name: 'Edit Anthropic' }).click()
    await page.getByLabel('Base URL').fill(host.wire.url)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Add a key' }).click()
    await page.getByLabel('Key', { exact: true }).fill(keys.wrong)
    await page.keyboard.press('Enter')
    const refusal = page.getByRole('alert').filter({ hasText: 'does not take this key' })
    await refusal.waitFor()
    expect(await refusal.textContent()).toMatch(/refuses the key: invalid x-api-key/)
    expect((await host.client.auth.list({})).items).toEqual([])
    await page.getByLabel('Key', { exact: true }).fill(keys.right)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Test Anthropic key 1' }).click()
    await page.getByText(/It works, answered in/).waitFor()
    await page.getByText('works', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Test Anthropic', exact: true }).click()
    await page.getByText('2 models').click()
    await page.getByText('wire-1, wire-2').waitFor()
    expect((await host.client.auth.list({})).items).toMatchObject([{ health: 'ok', tail: '0002' }])
    expect(await page.content()).not.toContain(keys.right)
  })
  test('a setting is saved when it is left, and undone; one that the environment gives can only be read', async () => {
    const { page } = opened
    await opened.go('/settings/general?q=runs.parallel')
    const field = page.getByLabel('runs.parallel', { exact: true })
    await field.fill('0')
    await field.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'runs.parallel does not take this value' }).waitFor()
    await field.fill('4')
    await field.press('Enter')
    await page.getByText('runs.parallel is saved').waitFor()
    expect(await host.client.settings.get({ key: 'runs.parallel' })).toMatchObject({ value: 4, source: 'stored' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await until(async () => (await field.inputValue()) === '10', { timeoutMs: 20_000, what: 'the former value' })
    expect(await host.client.settings.get({ key: 'runs.parallel' })).toMatchObject({ value: 10, source: 'default' })
    await page.getByLabel('Search settings').fill('workspaceRoot')
    await page.getByText('given by the environment variable STEWARD_WORKSPACE_ROOT').waitFor()
    expect(await page.getByLabel('workspaceRoot', { exact: true }).isDisabled()).toBe(true)
  })
  test('a token is shown once, works, and is cut off when it is revoked', async () => {
    const { page } = opened
    await opened.go('/settings/tokens')
    await page.getByRole('button', { name: 'New token' }).click()
    await page.getByLabel('Name').fill('My script')
    await page.getByRole('dialog').getByRole('button', { name: 'New token' }).click()
    const secret = await page.getByRole('textbox', { name: 'Token' }).inputValue()
    const ask = () => fetch(`${host.url}/v1/status`, { headers: { authorization: `Bearer ${secret}` } }).then(({ status }) => status)
    expect(await ask()).toBe(200)
    await page.getByRole('button', { name: 'I have it' }).click()
    await page.getByText('*:read').waitFor()
    expect(await page.content()).not.toContain(secret)
    await page.getByRole('button', { name: 'Revoke My script' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByText('revoked', { exact: true }).waitFor()
    expect(await ask()).toBe(401)
  })
  test('a browser that is logged out is out at once, and this one as well', async () => {
    await using other = await openConsole(browser, host)
    await opened.go('/settings/tokens')
    const { page } = opened
    await page.getByRole('button', { name: /^Log out Chrome on/ }).waitFor()
    await page.getByRole('button', { name: 'Log out this browser' }).waitFor()
    await page.getByRole('button', { name: /^Log out Chrome on/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click()
    await other.page.getByRole('heading', { name: 'This browser is not logged in' }).waitFor()
    await page.getByRole('button', { name: /^Log out Chrome on/ }).waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Log out this browser' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click()
    await page.getByRole('heading', { name: 'This browser is not logged in' }).waitFor()
    expect((await host.client.logins.list({})).items.filter(({ endedAt }) => endedAt === null)).toEqual([])
    await page.goto(await host.loginAddress())
    await page.getByRole('navigation').first().waitFor()
  })
  test('a rule is added with its meaning in words, judges a call, is removed and brought back', async () => {
    const { page } = opened
    await opened.go('/settings/permissions')
    await page.getByRole('button', { name: 'Allow git status' }).click()
    await page.getByRole('status').filter({ hasText: 'when a command begins with the words “git status”' }).waitFor()
    await page.getByLabel('What happens').selectOption('deny')
    await page.getByRole('dialog').getByRole('button', { name: 'Add a rule' }).click()
    await page.getByRole('button', { name: 'Judge it' }).click()
    await page.getByText('It would be denied.').waitFor()
    const remove = page.getByRole('button', { name: 'Remove the rule shell.run git status *' })
    await remove.click()
    await page.getByText('No rule yet').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await remove.waitFor()
    expect((await host.client.permissions.list({})).items).toMatchObject([
      { tool: 'shell.run', pattern: 'git status *', action: 'deny', level: 'global' },
    ])
  })
  test('this device is told of what waits from when one says so, until one says stop', async () => {
    const { page, context } = opened
    await context.grantPermissions(['notifications'], { origin: host.url })
    await opened.go('/settings/notifications')
    await page.getByText('This browser does not notify you.').waitFor()
    await page.getByRole('button', { name: 'Notify me on this device' }).click()
    await page.getByText('This browser notifies you.').waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Stop notifying on this device' }).click()
    await expect.poll(() => page.getByText('This browser does not notify you.').count()).toBe(1)
  })
  test('every part of the settings opens by its link, in both themes', async () => {
    const { page } = opened
    await host.client.hooks.create({ name: 'Tell me', on: { events: ['approval.asked'] }, action: { kind: 'webhook', url: 'http://127.0.0.1:9/' } })
    await host.client.skills.create({ name: 'notes', description: 'Writes notes.', tags: ['writing'] })
    await opened.go('/settings')
    for (const part of await page.getByRole('navigation', { name: 'Settings' }).getByRole('link').all()) {
      await part.click()
      await page
        .getByRole('main')
        .getByRole('heading', { level: 1, name: (await part.textContent()) ?? '' })
        .waitFor()
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await expectAccessibleThere(page)
      }
    }
    expect(opened.wrong).toEqual([])
  })
})
