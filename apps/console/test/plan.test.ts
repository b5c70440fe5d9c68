import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { expectAccessibleThere, lackingChromium, openConsole, startBrowser, startHost, type Host } from './harness.ts'

describe.skipIf(lackingChromium !== null)(`plans, workflows and the history${lackingChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  beforeAll(async () => {
    ;[browser, host] = await Promise.all([startBrowser(), startHost({ key: false, startMs: 60_000 })])
  })
  afterAll(async () => {
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })
  const file = (name: string) => path.join(host.workspace, name)
  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
  /** The line of a step; the graph has buttons of the same tools. */
  const step = (page: Page, name: RegExp) => page.locator('ol').getByRole('button', { name })
  const plan = async (page: Page, request: string) => {
    await page.getByLabel('What should be done?').fill(request)
    await page.getByLabel('What should be done?').press('Enter')
  }

  test('a request becomes a plan, is seen through, run with an approval, saved as a workflow, edited, and run again, by keyboard', async () => {
    await using opened = await openConsole(browser, host)
    const { page } = opened
    await opened.go('/plan')
    await page.getByText('The built-in planner matches your words').waitFor()
    await plan(page, 'write "hello" into hello.txt and read it')
    await page.getByRole('heading', { name: 'write "hello" into hello.txt and read it' }).waitFor()
    await page.getByText('by the built-in planner, confident (100 %)').waitFor()
    await page.getByText('2 steps. 1 runs at once. 1 asks you first.').waitFor()
    await step(page, /files\.write/).press('Enter')
    await page.getByText('changes files, and no rule allows it').waitFor()
    expect(existsSync(file('hello.txt'))).toBe(false)
    await expectAccessibleThere(page)

    await button(page, 'Run').press('Enter')
    await button(page, /^Allow/).press('Enter')
    await step(page, /files\.read.*completed/).press('Enter')
    await page.getByRole('region', { name: 'Outputs' }).getByText('hello').first().waitFor()
    expect(readFileSync(file('hello.txt'), 'utf8')).toBe('hello')
    await page.reload()
    await step(page, /files\.read.*completed/).waitFor()
    await expectAccessibleThere(page)

    await button(page, 'Save as a workflow').press('Enter')
    await page.getByLabel('Name of the workflow').fill('Greeting')
    await page.getByLabel('Name of the workflow').press('Enter')
    await page.getByRole('heading', { name: 'Greeting', exact: true }).waitFor()

    await button(page, 'Add a step').press('Enter')
    await page.getByRole('combobox', { name: 'Search tools and workflows' }).fill('grep')
    await page.keyboard.press('Enter')
    await page.getByLabel('pattern', { exact: true }).pressSequentially('{{ path')
    await page.getByRole('option', { name: 'steps.s2.outputs.path' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect
      .poll(() => page.getByLabel('pattern', { exact: true }).inputValue(), { timeout: 20_000 })
      .toMatch(/^\{\{ steps\.s\d\.outputs\.path \}\}$/)
    await page.getByText('Changes that are not saved').waitFor()
    await expectAccessibleThere(page)
    await step(page, /files\.read/).press('Enter')
    await page.keyboard.press('Control+s')
    await page.getByText('Version 2, 3 steps').waitFor()
    await page.getByRole('figure', { name: 'Graph of the steps' }).getByText('grep', { exact: true }).waitFor()

    await page.getByRole('tab', { name: 'Edit' }).press('ArrowLeft')
    await page.getByRole('tab', { name: 'Run', exact: true }).press('Enter')
    await button(page, 'Dry run').press('Enter')
    await page.getByText('Nothing was done. 3 steps.').waitFor()
    writeFileSync(file('hello.txt'), 'changed')
    await button(page, 'Run').press('Enter')
    await button(page, /^Allow/).press('Enter')
    await step(page, /files\.grep.*completed/).waitFor()
    await button(page, 'One moment back').press('Enter')
    await step(page, /files\.grep.*running/).waitFor()
    await button(page, 'Show how it ended').press('Enter')
    await step(page, /files\.grep.*completed/).waitFor()
    await expectAccessibleThere(page)

    await page.getByRole('tab', { name: 'Versions' }).click()
    await page.getByText('toolId: files.grep').waitFor()
    await button(page, 'Restore version 1').press('Enter')
    await page.getByText('Version 3, 2 steps').waitFor()
    await expectAccessibleThere(page)

    await page.getByRole('tab', { name: 'Runs' }).click()
    await page.getByRole('row').nth(1).getByRole('link').press('Enter')
    await step(page, /files\.grep.*completed/).waitFor()

    await opened.go('/history')
    await page.getByLabel('Workflow', { exact: true }).selectOption('Greeting')
    await page.getByRole('row').nth(1).getByRole('link', { name: 'Greeting' }).press('Enter')
    await page.getByRole('heading', { name: 'Greeting', exact: true }).waitFor()
    await page.getByRole('link', { name: 'version 2' }).waitFor()
    expect(opened.wrong).toEqual([])
  })

  test('a request that is not clear is asked about, and planned with the answer', async () => {
    await using opened = await openConsole(browser, host)
    const { page } = opened
    await opened.go('/plan')
    await plan(page, 'run the tests')
    await page.getByText('Which command should shell.run run?').waitFor()
    await page.getByLabel('Your answer').fill('run `true`')
    await page.getByLabel('Your answer').press('Enter')
    await step(page, /shell\.run/).waitFor()
    expect(new URL(page.url()).searchParams.get('plan')).toMatch(/^plan_/)
    expect(opened.wrong).toEqual([])
  })
  test('a plan with changes says what it is run as, and runs as that', async () => {
    await using opened = await openConsole(browser, host)
    const { page } = opened
    await opened.go('/plan')
    await plan(page, 'find files named *.md')
    await page.getByLabel('pattern', { exact: true }).fill('*.none')
    await page.getByText('it runs as a single call of the tool').waitFor()
    await button(page, 'Run this call').click()
    await step(page, /files\.glob.*completed/).waitFor()
    const [line] = (await host.client.history.list({ limit: 1 })).items
    expect(line).toMatchObject({ toolId: 'files.glob', planId: null, outputs: { total: 0 } })
    expect(opened.wrong).toEqual([])
  })
  test('an expired plan is not run, but planned again', async () => {
    await host.client.settings.set({ key: 'plans.minutes', value: 0.01 })
    const { plan: old } = await host.client.plans.create({ text: 'list the files here' })
    await host.client.settings.reset({ key: 'plans.minutes' })
    await using opened = await openConsole(browser, host)
    await opened.go(`/plan?plan=${old.id ?? ''}`)
    await opened.page.getByText('This plan has expired').waitFor()
    await button(opened.page, 'Plan again').click()
    await button(opened.page, 'Run').click()
    await step(opened.page, /files\.list.*completed/).waitFor()
    expect(opened.wrong).toEqual([])
  })
  test('changes to a workflow survive a reload, and what is wrong with them stands at its field', async () => {
    const { id } = await host.client.workflows.save({
      name: 'Kept',
      permissions: ['files:read'],
      steps: [{ id: 'a', toolId: 'files.list', inputs: {} }],
    })
    await using opened = await openConsole(browser, host)
    const { page } = opened
    await opened.go(`/workflows/${id}?tab=edit`)
    await step(page, /files\.list/).click()
    await page.getByText('When and how it runs').click()
    await page.getByLabel('Only if').fill('steps.gone.outputs')
    await page.reload()
    await page.getByText('Changes that are not saved').waitFor()
    await button(page, 'Save').click()
    const field = page.getByLabel('Only if')
    await page.getByText('There is no step `gone`.', { exact: true }).waitFor()
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    await field.fill('')
    await button(page, 'Save').waitFor()
    await page.getByText('Changes that are not saved').waitFor({ state: 'hidden' })
    expect(opened.wrong).toEqual([])
  })
  test('a workflow is taken in from a YAML file; one that cannot be read says where, and nothing is saved', async () => {
    await using opened = await openConsole(browser, host)
    const { page } = opened
    await opened.go('/workflows')
    const before = (await host.client.workflows.list({})).items.length
    await button(page, /^Import/)
      .first()
      .click()
    const dialog = page.getByRole('dialog')
    const yaml = 'name: From a file\npermissions: [files:read]\nsteps:\n  - id: a\n    toolId: files.list\n'
    await dialog.getByLabel('Or as text').fill(yaml.replace('  - id: a', '  - id: [a'))
    await button(page, 'Import').last().click()
    await dialog
      .getByRole('alert')
      .filter({ hasText: /^Line 5: / })
      .waitFor()
    expect((await host.client.workflows.list({})).items).toHaveLength(before)
    await dialog.getByLabel('From a file').setInputFiles({ name: 'flow.yaml', mimeType: 'application/yaml', buffer: Buffer.from(yaml) })
    await expect.poll(() => dialog.getByLabel('Or as text').inputValue()).toBe(yaml)
    await button(page, 'Import').last().click()
    await page.getByRole('heading', { level: 1, name: 'From a file' }).waitFor()
    expect(await host.client.workflows.get({ id: /wfl_\w+/.exec(page.url())?.[0] ?? '' })).toMatchObject({ name: 'From a file', version: 1 })
    expect(opened.wrong).toEqual([])
  })
  test('the history is filtered by its address, downloaded alike, and several of it become a workflow', async () => {
    for (const words of ['one', 'two']) await host.client.executions.start({ toolId: 'files.grep', inputs: { pattern: words } })
    await host.client.executions.start({ toolId: 'files.read', inputs: { path: 'gone.txt' } })
    await using opened = await openConsole(browser, host)
    const { page } = opened
    await opened.go('/history?tool=files.grep&status=completed')
    await page.getByRole('row').nth(2).waitFor()
    expect(await page.getByRole('link', { name: 'files.read' }).count()).toBe(0)
    const download = await page.request.get(`${host.url}${(await page.getByRole('link', { name: 'Download' }).getAttribute('href')) ?? ''}`)
    const lines = (await download.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { toolId: string; status: string })
    expect(lines.length).toBeGreaterThanOrEqual(2)
    expect(lines.every(({ toolId, status }) => toolId === 'files.grep' && status === 'completed')).toBe(true)
    await page.getByRole('checkbox').nth(1).check()
    await page.getByRole('checkbox').nth(0).check()
    await button(page, 'Save as a workflow').click()
    await page.getByLabel('Name of the workflow').fill('Two searches')
    await button(page, 'Save').click()
    await page.getByText('Version 1, 2 steps').waitFor()
    const [saved] = (await host.client.workflows.list({ limit: 1 })).items
    expect(saved?.steps.map(({ inputs }) => inputs['pattern'])).toEqual(['one', 'two'])
    expect(opened.wrong).toEqual([])
  })
  test('a run of more than a hundred calls is shown as it goes, and asked for a few times only', async () => {
    for (let n = 0; n < 120; n++) writeFileSync(file(`many-${n}.log`), 'x')
    const steps = [
      { id: 'find', toolId: 'files.glob', inputs: { pattern: 'many-*.log' } },
      { id: 'read', toolId: 'files.read', forEach: { in: 'steps.find.outputs.files', limit: 1_000 }, inputs: { path: '{{ item }}' } },
    ]
    const { id } = await host.client.workflows.save({ name: 'Many', permissions: ['files:read'], steps })
    await using opened = await openConsole(browser, host)
    const { page } = opened
    let asked = 0
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => void (String(payload).includes('executions.steps') && asked++)))
    await opened.go(`/workflows/${id}`)
    await button(page, 'Run').click()
    await page.getByText('120 of 120 calls over').first().waitFor()
    await step(page, /files\.read.*completed/).waitFor()
    expect(asked).toBeLessThan(60)
    expect(opened.wrong).toEqual([])
  })
  test('a step that a crash has cut off is asked about, and goes on by the word of a person', async () => {
    await host.client.permissions.add({ tool: 'shell.run', action: 'allow', level: 'global' })
    const { id } = await host.client.executions.start({ toolId: 'shell.run', inputs: { command: 'touch begun; sleep 60' }, waitMs: 0 })
    await expect.poll(() => existsSync(file('begun')), { timeout: 20_000 }).toBe(true)
    host.kill()
    await host.start()
    await using opened = await openConsole(browser, host)
    await opened.go(`/history/${id ?? ''}`)
    await opened.page.getByRole('radio', { name: /It was done/ }).waitFor()
    await opened.page.getByLabel('What it gave, as JSON').fill('{"by hand": true}')
    await button(opened.page, 'Go on').click()
    await step(opened.page, /shell\.run.*completed/).waitFor()
    expect(opened.wrong).toEqual([])
  })
  test('on a small phone a plan is made and run with a thumb, and nothing is wider than the screen', async () => {
    await using opened = await openConsole(browser, host, { viewport: { width: 360, height: 740 }, hasTouch: true, colorScheme: 'dark' })
    const { page } = opened
    const isWider = () =>
      page.evaluate(() => document.querySelector('main')!.scrollWidth > innerWidth || document.documentElement.scrollWidth > innerWidth)
    await opened.go('/plan')
    await page.getByRole('button', { name: 'list the files here' }).tap()
    await button(page, 'Run').tap()
    await step(page, /files\.list.*completed/).waitFor()
    expect(await isWider()).toBe(false)
    await expectAccessibleThere(page)
    const [workflow] = (await host.client.workflows.list({ limit: 1 })).items
    for (const place of ['/workflows', `/workflows/${workflow?.id ?? ''}`, `/workflows/${workflow?.id ?? ''}?tab=edit`, '/history']) {
      await opened.go(place)
      await page.getByRole('main').getByRole('heading').first().waitFor()
      expect([place, await isWider()]).toEqual([place, false])
      await expectAccessibleThere(page)
    }
    expect(opened.wrong).toEqual([])
  })
})
