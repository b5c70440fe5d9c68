import { lastUserText, until, type Script } from '@steward/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessibleThere, lackingChromium, model, openConsole, startBrowser, startHost, type Host, type Opened } from './harness.ts'

/** A busy machine is given time. */
const soon = { timeout: 15_000 }
const turns: Script = (request) =>
  lastUserText(request) === 'ask' ? { calls: [{ name: 'shell_run', input: { command: 'touch x' } }] } : { text: 'The heron stands in the reeds.' }

describe.skipIf(lackingChromium !== null)(`the sessions${lackingChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  let opened: Opened
  beforeAll(async () => {
    ;[browser, host] = await Promise.all([startBrowser(), startHost({ turns })])
    opened = await openConsole(browser, host)
  })
  afterAll(async () => {
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })
  const make = (title: string) => host.client.sessions.create({ model, title })
  const rowOf = (page: Page, title: string) => page.getByRole('main').getByRole('row').filter({ hasText: title })
  const choose = async (page: Page, title: string, deed: string) => {
    await page.getByRole('button', { name: `What to do with ${title}`, exact: true }).click()
    await page.getByRole('menuitem', { name: deed }).click()
  }

  test('without sessions an example begins one when it is pressed, and the list shows live what each does', async () => {
    const { page } = opened
    await opened.go('/sessions')
    await page.getByText('No sessions yet').waitFor()
    await expectAccessibleThere(page)
    await page.getByRole('button', { name: 'Try an example' }).click()
    await page.waitForURL(/\/sessions\/ses_/)
    expect((await host.client.sessions.list({})).items).toMatchObject([{ title: 'A look around' }])
    await opened.go('/sessions')
    const { id } = await make('Herons')
    await rowOf(page, 'Herons').getByText('idle').waitFor()
    await host.client.messages.send({ sessionId: id, text: 'ask' })
    await rowOf(page, 'Herons').getByText('waits for you').waitFor()
    await page.getByRole('combobox', { name: 'State' }).selectOption('waiting')
    await expect.poll(() => page.url(), soon).toContain('state=waiting')
    await rowOf(page, 'A look around').waitFor({ state: 'detached' })
    await page.reload()
    await rowOf(page, 'Herons').getByText('waits for you').waitFor()
    await expectAccessibleThere(page)
    expect(opened.wrong).toEqual([])
  })
  test('a session is renamed in its place by the keyboard, archived and deleted, and each is undone', async () => {
    const { id } = await make('Storks')
    const { page } = opened
    await page.emulateMedia({ colorScheme: 'dark' })
    await opened.go('/sessions')
    await rowOf(page, 'Storks').waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('r')
    const field = page.getByRole('textbox', { name: 'New title' })
    await field.fill('White storks')
    await field.press('Enter')
    await rowOf(page, 'White storks').waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('href')), soon).toContain(id)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: 'Storks', exact: true }).first().waitFor()
    expect((await host.client.sessions.get({ id })).title).toBe('Storks')
    await expectAccessibleThere(page)

    await choose(page, 'Storks', 'Archive')
    await rowOf(page, 'Storks').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await rowOf(page, 'Storks').waitFor()

    await choose(page, 'Storks', 'Delete')
    await rowOf(page, 'Storks').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await rowOf(page, 'Storks').waitFor()
    await choose(page, 'Storks', 'Delete')
    await page.getByText('is deleted for good when this message goes').waitFor()
    expect((await host.client.sessions.get({ id })).title).toBe('Storks')
    await page.reload()
    await until(async () => !(await host.client.sessions.list({ limit: 200 })).items.some((one) => one.id === id), {
      timeoutMs: 15_000,
      what: 'a session that is gone',
    })
    expect(opened.wrong).toEqual([])
  })
  test('a fork is a session of its own, and a search leads to the message', async () => {
    const { id } = await make('Reeds')
    const { runId } = await host.client.messages.send({ sessionId: id, text: 'What stands in the reeds?' })
    await until(async () => (await host.client.runs.get({ id: runId })).status === 'completed', { timeoutMs: 15_000, what: 'an answer' })
    const answer = (await host.client.messages.list({ sessionId: id })).items.at(-1)
    const { page } = opened
    await opened.go('/sessions')
    await choose(page, 'Reeds', 'Fork')
    await page.waitForURL((url) => /\/sessions\/ses_/.test(url.pathname) && !url.pathname.endsWith(id))
    expect((await host.client.sessions.list({ limit: 200 })).items.map(({ title }) => title)).toContain('Reeds (fork)')
    await opened.go('/sessions')
    await page.getByRole('searchbox', { name: 'Search titles and messages' }).fill('heron stands')
    const found = page.getByRole('list', { name: 'Found in sessions' }).getByRole('link').filter({ hasText: 'The heron stands' })
    await expect
      .poll(() => found.evaluateAll((links) => links.map((link) => link.getAttribute('href'))), soon)
      .toContain(`/app/sessions/${id}#${answer?.id}`)
    await expectAccessibleThere(page)
    expect(opened.wrong).toEqual([])
  })
  test('everything is found by the keyboard: pages, sessions, messages and commands; the focus returns where it was', async () => {
    const { page } = opened
    await opened.go('/sessions')
    await rowOf(page, 'Reeds (fork)').waitFor()
    await page.keyboard.press('j')
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('href') ?? document.activeElement?.tagName)
    const before = await focused()
    await page.keyboard.press('Control+k')
    const finder = page.getByRole('combobox', { name: /^Find pages/ })
    await finder.fill('heron stands')
    await page.getByRole('group', { name: 'In messages' }).getByRole('option').first().waitFor()
    await expectAccessibleThere(page)
    await page.keyboard.press('Escape')
    await expect.poll(focused, soon).toBe(before)

    await page.keyboard.press('Control+k')
    await finder.fill('theme dark')
    await page.getByRole('option', { name: 'Theme: dark' }).waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme']), soon).toBe('dark')

    await page.keyboard.press('Control+k')
    await finder.fill('mem')
    await expect.poll(() => finder.getAttribute('aria-activedescendant'), soon).not.toBeNull()
    await page.getByRole('option', { name: /^Memory/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/memory$/)
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName), soon).toMatch(/H1|MAIN/)

    await page.keyboard.press('g')
    await page.keyboard.press('i')
    await page.waitForURL(/\/inbox$/)
    await page.keyboard.press('?')
    const map = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await map.getByText('New session').waitFor()
    await page.keyboard.press('Escape')
    await map.waitFor({ state: 'detached' })

    const { items } = await host.client.sessions.list({ limit: 200 })
    await page.keyboard.press('c')
    await page.waitForURL(/\/sessions$/)
    const isWriting = () => page.getByRole('region', { name: 'Start a session' }).evaluate((start) => start.contains(document.activeElement))
    await expect.poll(isWriting, soon).toBe(true)
    await page.keyboard.type('jc')
    expect(await page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('jc')
    await page.keyboard.press('Escape')
    await page.keyboard.press('j')
    await expect.poll(focused, soon).toMatch(/\/sessions\/ses_/)
    await page.keyboard.press('c')
    await expect.poll(isWriting, soon).toBe(true)
    expect((await host.client.sessions.list({ limit: 200 })).items).toHaveLength(items.length)
    expect(opened.wrong).toEqual([])
  })
  test('a daemon that is away is told with since when and when it is tried next, what was typed stays, and all goes on by itself', async () => {
    const { page } = opened
    await opened.go('/sessions')
    const search = page.getByRole('searchbox', { name: 'Search titles and messages' })
    await search.fill('half a thou')
    host.kill()
    const bar = page.getByRole('status').filter({ hasText: 'No connection to the daemon since' })
    await bar.getByText(/Next try in \d+ s|Trying now/).waitFor()
    expect(await search.inputValue()).toBe('half a thou')
    await host.start()
    await bar.waitFor({ state: 'detached' })
    await search.fill('')
    await make('After the night')
    await rowOf(page, 'After the night').waitFor()
    expect(opened.wrong).toEqual([])
  })
})
