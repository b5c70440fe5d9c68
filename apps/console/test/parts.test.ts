import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible, lackingChromium, openConsole, startBrowser, startHost, type Host, type Opened } from './harness.ts'

/** The text of what has the focus. */
const focused = (opened: Opened) => opened.page.evaluate(() => document.activeElement?.textContent ?? '')

describe.skipIf(lackingChromium !== null)(`the parts of the console${lackingChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  let opened: Opened
  beforeAll(async () => {
    ;[browser, host] = await Promise.all([startBrowser(), startHost()])
    opened = await openConsole(browser, host)
    await opened.go('/parts')
    await opened.page.getByLabel('Path').waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })
  const table = () => opened.page.getByRole('table', { name: 'A table of ten thousand rows' })

  test('a table of ten thousand rows holds only those in view, and scrolls to its end', async () => {
    const rows = table().getByRole('row')
    await table().getByRole('cell', { name: '1. Fix the flaky upload test', exact: true }).waitFor()
    expect(await table().getAttribute('aria-rowcount')).toBe('10001')
    expect(await rows.count()).toBeLessThan(60)
    await table().evaluate((element) => element.closest('.overflow-auto')?.scrollTo(0, 1e9))
    await table().getByText('10000. A name so long').waitFor()
    expect(await rows.count()).toBeLessThan(60)
    const head = await table().getByRole('columnheader', { name: 'Name' }).boundingBox()
    const box = await table().evaluate((element) => element.closest('.overflow-auto')!.getBoundingClientRect().top)
    expect(Math.abs((head?.y ?? 0) - box)).toBeLessThan(3)
  })
  test('a table is sorted by the keyboard, and says how', async () => {
    const cost = table().getByRole('columnheader', { name: 'Cost' })
    await cost.getByRole('button').press('Enter')
    await cost.getByRole('button').press('Enter')
    expect(await cost.getAttribute('aria-sort')).toBe('descending')
    await table().evaluate((element) => element.closest('.overflow-auto')?.scrollTo(0, 0))
    await table().getByRole('row').nth(1).getByText('$0.70').waitFor()
    await cost.getByRole('button').press('Enter')
    expect(await cost.getAttribute('aria-sort')).toBe('none')
  })
  test('J, K and arrows go from row to row, far beyond what is in view, and Enter opens', async () => {
    await table().getByRole('button', { name: '1. Fix', exact: false }).first().focus()
    for (const key of ['j', 'ArrowDown', 'k']) await opened.page.keyboard.press(key)
    expect(await focused(opened)).toContain('2. Write the release notes')
    await opened.page.keyboard.press('End')
    await expect.poll(() => focused(opened)).toContain('10000. A name so long')
    await opened.page.keyboard.press('Home')
    await expect.poll(() => focused(opened)).toContain('1. Fix the flaky')
    await opened.page.keyboard.press('Enter')
    await opened.page.getByText('Opened 1. Fix the flaky upload test.').waitFor()
  })
  test('the next page of a table comes when its end comes near; rows are links', async () => {
    const growing = opened.page.getByRole('table', { name: 'A table that is read in pages' })
    await growing.evaluate((element) => element.closest('.overflow-auto')?.scrollTo(0, 1e9))
    await growing.evaluate((element) => element.closest('.overflow-auto')?.scrollTo(0, 1e9))
    await growing
      .getByRole('link', { name: /^1[0-9]{2}\. / })
      .first()
      .waitFor()
    expect(await growing.getByRole('link').last().getAttribute('href')).toMatch(/^\/app\/parts#row-/)
  })
  test('a form from a schema makes the value that the schema means, and says what is wrong when a field is left', async () => {
    const { page } = opened
    const form = page.locator('#forms')
    const value = () => form.getByRole('heading', { name: 'The value' }).locator('..').innerText()
    await form.getByLabel('Path').fill('report.md')
    await form.getByLabel('Limit').fill('many')
    await form.getByLabel('Limit').blur()
    await form.getByText('This must be a number.').waitFor()
    await form.getByLabel('Limit').fill('1000')
    await form.getByText('This must be at most 500.').waitFor()
    await form.getByLabel('Limit').fill('7')
    expect(await form.getByText('This must be').count()).toBe(0)
    await form.getByLabel('Question').focus()
    await form.getByLabel('Question').blur()
    await form.getByText('This is needed.').waitFor()
    await form.getByLabel('Mode').selectOption('Thorough')
    await form.getByRole('checkbox', { name: 'Hidden files too' }).check()
    await form.getByRole('group', { name: 'Tags' }).getByRole('button', { name: 'Add an entry' }).click()
    await form.getByRole('textbox', { name: 'Entry 2' }).fill('urgent')
    await form.getByRole('group', { name: 'Tags' }).getByRole('button', { name: 'Move Entry 2 up' }).click()
    await form.getByRole('combobox', { name: 'Kind' }).selectOption('A channel')
    await form.getByLabel('Channel').fill('team')
    await form.getByLabel('Anything').fill('{"a": ')
    await form.getByText('This is not valid JSON').waitFor()
    await form.getByLabel('Anything').fill('{"a": 1}')
    const text = await value()
    for (const part of ['path:\n"report.md"', 'limit:\n7', 'mode:\n"thorough"', 'hidden:\ntrue', '"urgent"', '"channel"', '"team"', 'a:\n1'])
      expect(text.replaceAll(/\s+/g, ' ')).toContain(part.replaceAll(/\s+/g, ' '))
    expect(text.indexOf('"urgent"')).toBeLessThan(text.indexOf('"weekly"'))
  })
  test('a field may hold a template where that is meant', async () => {
    const form = opened.page.locator('#forms')
    await form.getByLabel('Fields may hold templates').check()
    await form.getByRole('button', { name: 'Use a template for Limit' }).click()
    await form.getByLabel('Limit', { exact: true }).fill('{{inputs.limit}}')
    await form.getByText('"{{inputs.limit}}"').waitFor()
    await form.getByRole('button', { name: 'Enter a value for Limit' }).click()
    expect(await form.getByText('"{{inputs.limit}}"').count()).toBe(0)
    await form.getByLabel('Fields may hold templates').uncheck()
  })
  test('a dialog takes the focus to its first field and gives it back', async () => {
    const { page } = opened
    const backTo = async (trigger: Locator, open: () => Promise<void>) => {
      await open()
      await page.getByRole('dialog', { name: 'Rename the session' }).waitFor()
      await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog', { name: 'Rename the session' }).waitFor({ state: 'detached' })
      await expect.poll(() => trigger.evaluate((element) => element === document.activeElement)).toBe(true)
    }
    const rename = page.getByRole('button', { name: 'Rename…' })
    await backTo(rename, () => rename.press('Enter'))
    // The item that opens it goes with its menu: the focus goes to the menu's button.
    const more = page.locator('#overlays').getByRole('button', { name: 'More' })
    for (const open of [() => page.keyboard.press('Enter'), () => page.getByRole('menuitem', { name: 'Rename' }).click()])
      await backTo(more, async () => {
        await more.press('Enter')
        await page.getByRole('menuitem', { name: 'Rename' }).waitFor()
        await open()
      })
  })
  test('what was done can be undone by the keyboard: its key, or F6 and the button', async () => {
    const { page } = opened
    await page.getByRole('button', { name: 'Remove the row' }).press('Enter')
    await page.getByText('The row was removed.').waitFor()
    await page.keyboard.press('Control+z')
    await page.getByText('The row is back.').waitFor()
    await page.getByText('The row was removed.').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Remove the row' }).press('Enter')
    await page.getByText('The row was removed.').waitFor()
    await page.keyboard.press('F6')
    await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).press('Enter')
    await page.getByText('The row was removed.').waitFor({ state: 'detached' })
    expect(await page.getByText('The row is back.').count()).toBe(2)
  })
  test('a model is found by typing, and one that is not in the list is taken as it is written', async () => {
    const { page } = opened
    const model = page.getByRole('combobox', { name: 'Model', exact: true })
    await model.press('Enter')
    await page.keyboard.type('open mini')
    await page.getByRole('option', { name: 'gpt-mini' }).waitFor()
    expect(await page.getByRole('listbox').getByRole('option').count()).toBe(2)
    await page.keyboard.press('Enter')
    await expect.poll(() => model.innerText()).toContain('gpt-mini')
    await model.press('Enter')
    await page.keyboard.type('ollama/own')
    await page.getByRole('option', { name: 'Use “ollama/own”' }).click()
    await expect.poll(() => model.innerText()).toContain('ollama/own')
  })
  test('a graph and a chart are read by keyboard, as a picture or as words', async () => {
    const { page } = opened
    const graph = page.getByRole('figure', { name: 'Steps of the weekly report' })
    const step = graph.getByRole('button', {
      name: /^Draw the charts failed No figures in sheet 3 after Read the tables, leads to Ask for a review$/,
    })
    await step.press('Enter')
    expect(await step.getAttribute('aria-pressed')).toBe('true')
    await graph.getByRole('button', { name: 'Show as a list' }).click()
    expect(await graph.getByRole('listitem').count()).toBe(6)
    const chart = page.getByRole('figure', { name: 'Cost by day' })
    await chart.getByRole('group').press('ArrowRight')
    await chart.getByRole('status').getByText('1 Mar').waitFor()
    await chart.getByRole('status').getByText('$1.50').waitFor()
    await chart.getByRole('button', { name: 'Show the figures' }).click()
    expect(await chart.getByRole('row', { name: '4 Mar' }).innerText()).toContain('$3.10')
  })
  test('on a phone rows are cards and a dialog is a sheet at the lower edge', async () => {
    await using phone = await openConsole(browser, host, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    await phone.go('/parts')
    const card = phone.page.getByRole('table', { name: 'A table of ten thousand rows' }).getByRole('row').nth(1)
    await card.getByText('Cost').waitFor()
    expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    await phone.page.getByRole('button', { name: 'Rename…' }).click()
    const sheet = await phone.page.getByRole('dialog').boundingBox()
    expect([Math.round(sheet?.x ?? 0), Math.round((sheet?.y ?? 0) + (sheet?.height ?? 0)), Math.round(sheet?.width ?? 0)]).toEqual([0, 844, 390])
    await phone.page.keyboard.press('Escape')
    await expectAccessible(phone.page)
    expect(phone.wrong).toEqual([])
  })
  test.each(['Light', 'Dark'])('nothing stands in the way of people who do not see or point (%s)', async (theme) => {
    // A row that is half below the head of its table is no target.
    await opened.page.evaluate(() => document.querySelectorAll('.overflow-auto').forEach((box) => box.scrollTo(0, 0)))
    await opened.page.getByRole('combobox', { name: 'Theme' }).selectOption(theme)
    await expectAccessible(opened.page)
  })
  test('no part did anything that the page’s policy forbids', () => {
    expect(opened.wrong).toEqual([])
  })
})
