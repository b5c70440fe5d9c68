// Long: the stories of writing share a daemon, a browser and a script, each of which takes seconds to begin.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { lastUserText, until, type Script } from '@steward/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conversation as told } from '../src/text/conversation.ts'
import { expectAccessibleThere, lackingChromium, model, openConsole, startBrowser, startHost, type Host, type Opened } from './harness.ts'

const usage = { inputTokens: 1_000, outputTokens: 100 }
/** USD per million tokens: a call of 1,000 in and 100 out costs 0.0015 USD. */
const price = { input: 1, output: 5, cacheRead: 1, cacheWrite: 1 }
/** `slow X` waits in its middle until X is released; `write X` writes X into a file; anything else is echoed. */
const turns: Script = (request) => {
  const words = lastUserText(request)
  const { messages } = request.body as { messages: unknown[] }
  const isResult = JSON.stringify(messages.at(-1)).includes('tool_result')
  if (words.startsWith('slow')) return { usage, text: ['First half, ', 'second half.'], fault: { kind: 'hang', gate: words, afterDeltas: 1 } }
  if (words.startsWith('write ') && !isResult)
    return { usage, calls: [{ name: 'files_write', input: { path: 'note.txt', content: `${words.slice(6)}\n` } }] }
  return { usage, text: `Heard: ${words}` }
}
/** A red picture of one point. */
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64')

describe.skipIf(lackingChromium !== null)(`writing to an agent${lackingChromium ?? ''}`, { timeout: 90_000 }, () => {
  let browser: Browser
  let host: Host
  let opened: Opened
  let page: Page
  beforeAll(async () => {
    ;[browser, host] = await Promise.all([startBrowser(), startHost({ turns, startMs: 25_000 })])
    await host.client.models.price({ model, price, contextTokens: 200_000, maxOutputTokens: 300 })
    opened = await openConsole(browser, host)
    page = opened.page
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })
  const message = () => page.getByRole('textbox', { name: 'Message' })
  const foot = () => page.getByRole('region', { name: 'Write to the agent' })
  const open = async (given: { title?: string; permissionMode?: 'accept-edits'; budgetUsd?: number } = {}) => {
    const { id } = await host.client.sessions.create({ model, ...given })
    await opened.go(`/sessions/${id}`)
    await message().waitFor()
    return id
  }
  const all = async (sessionId: string) => (await host.client.messages.list({ sessionId, limit: 200 })).items
  const said = async (sessionId: string) => (await all(sessionId)).filter(({ role }) => role === 'user').map(({ text }) => text)
  const sooner = (what: string, isSo: () => Promise<boolean>) => until(isSo, { what, timeoutMs: 20_000 })
  const heard = (sessionId: string, ...texts: string[]) =>
    sooner(`the messages ${texts.join(', ')}`, async () => JSON.stringify(await said(sessionId)) === JSON.stringify(texts))
  const idle = (id: string) => sooner('a session at rest', async () => (await host.client.sessions.get({ id })).status === 'idle')

  test('what is written survives a reload, Enter sends it, and Shift+Enter makes a line', async () => {
    const id = await open()
    await message().fill('half a')
    await page.reload()
    await message().click()
    expect(await message().inputValue()).toBe('half a')
    await page.keyboard.type(' thought')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('and more')
    await page.keyboard.press('Enter')
    await heard(id, 'half a thought\nand more')
    expect(await message().inputValue()).toBe('')
    await expectAccessibleThere(page)
  })
  test('while a run is under way messages queue or steer, and Escape stops it', async () => {
    const id = await open()
    await message().click()
    await page.keyboard.type('slow one')
    await page.keyboard.press('Enter')
    await foot().getByRole('button', { name: 'Stop' }).waitFor()
    await page.keyboard.type('later')
    await page.keyboard.press('ControlOrMeta+Enter')
    const queue = page.getByRole('list', { name: 'Waiting messages' })
    await queue.getByText('later').waitFor()
    await page.keyboard.type('look here')
    await page.keyboard.press('ControlOrMeta+Shift+Enter')
    await queue.getByText('look here').waitFor()
    await queue.getByText('steers at the next step').waitFor()
    await expectAccessibleThere(page)
    expect(await page.getByRole('button', { name: 'Stop' }).count()).toBe(1)
    // Also from outside the text.
    await message().blur()
    await page.keyboard.press('Escape')
    await page
      .getByRole('button', { name: 'Stopping' })
      .or(page.getByRole('button', { name: 'Send' }))
      .first()
      .waitFor()
    await idle(id)
    await page.getByRole('button', { name: 'Send' }).waitFor()
    const { items } = await host.client.runs.list({ sessionId: id })
    expect(items.filter(({ status }) => status === 'cancelled')).toHaveLength(1)
    expect((await all(id)).map(({ text }) => text)).toContain('Heard: later')
  })
  test('files go with a message: chosen, with their progress on a slow line, and pasted', async () => {
    const id = await open()
    const network = await opened.context.newCDPSession(page)
    await network.send('Network.enable')
    await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 50_000 })
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.concat([png, Buffer.alloc(400_000)]) })
    const files = page.getByRole('list', { name: 'Files for this message' })
    await files.getByRole('progressbar', { name: 'Uploading photo.png' }).waitFor()
    await files.getByRole('button', { name: 'Cancel the upload of photo.png' }).waitFor()
    await message().fill('see')
    await message().press('Enter')
    await page.getByText('Sends when the files are uploaded').waitFor()
    await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
    await network.detach()
    await heard(id, 'see')
    await message().evaluate(
      (area, bytes) => {
        const clipboardData = new DataTransfer()
        clipboardData.items.add(new File([new Uint8Array(bytes)], 'pasted.png', { type: 'image/png' }))
        area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
      },
      [...png],
    )
    await files.getByRole('button', { name: 'Remove pasted.png' }).waitFor()
    await message().fill('and this')
    await message().press('Enter')
    await heard(id, 'see', 'and this')
    const attached = (await all(id)).flatMap(({ attachments }) => attachments.map(({ name, mediaType, size }) => [name, mediaType, size]))
    expect(attached).toEqual([
      ['photo.png', 'image/png', png.length + 400_000],
      ['pasted.png', 'image/png', png.length],
    ])
    await page.getByRole('complementary', { name: 'Inspector' }).getByRole('link', { name: 'pasted.png' }).waitFor()
  })
  test('a file that is dragged onto the page is attached, and an upload that is called off leaves nothing', async () => {
    const id = await open()
    const drag = (type: 'dragover' | 'drop') =>
      page.evaluate((name) => {
        const dataTransfer = new DataTransfer()
        dataTransfer.items.add(new File(['dragged'], 'dragged.txt', { type: 'text/plain' }))
        document.body.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }))
      }, type)
    await drag('dragover')
    await page.getByText(/^Drop to attach/).waitFor()
    await drag('drop')
    const files = page.getByRole('list', { name: 'Files for this message' })
    await files.getByRole('button', { name: 'Remove dragged.txt' }).waitFor()
    const network = await opened.context.newCDPSession(page)
    await network.send('Network.enable')
    await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 50_000 })
    await page.locator('input[type=file]').setInputFiles({ name: 'long.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(2_000_000) })
    await files.getByRole('button', { name: 'Cancel the upload of long.bin' }).click()
    await files.getByText('long.bin').waitFor({ state: 'hidden' })
    await network.detach()
    await message().fill('only the first')
    await message().press('Enter')
    await heard(id, 'only the first')
    expect((await all(id)).flatMap(({ attachments }) => attachments.map(({ name }) => name))).toEqual(['dragged.txt'])
    expect((await host.client.files.list({ sessionId: id })).items.map(({ name }) => name)).toEqual(['dragged.txt'])
  })
  test('a file over the limit is refused before a byte is sent, with the limit', async () => {
    await host.client.settings.set({ key: 'files.maxBytes', value: 1_000 })
    try {
      await open()
      await page.getByRole('button', { name: 'Attach files' }).and(page.locator('[title*="up to 1.0 kB"]')).waitFor()
      await page.locator('input[type=file]').setInputFiles({ name: 'big.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(2_000) })
      await page.getByRole('alert').getByText('larger than 1.0 kB').waitFor()
      await page.getByRole('button', { name: 'Remove big.bin' }).click()
      await page.getByText('big.bin').waitFor({ state: 'detached' })
      expect(opened.wrong).toEqual([])
    } finally {
      await host.client.settings.reset({ key: 'files.maxBytes' })
    }
  })
  test('commands are chosen and carried out by the keyboard, with a way to undo; an unknown one is said to be none', async () => {
    const id = await open({ title: 'Before' })
    await message().click()
    await page.keyboard.type('/ren')
    await page.getByRole('option', { name: '/rename' }).waitFor()
    await expectAccessibleThere(page)
    await page.keyboard.press('Enter')
    await page.keyboard.type('After')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'After' }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('heading', { name: 'Before' }).waitFor()
    await message().click()
    await page.keyboard.type('/')
    await page.getByRole('option', { name: '/new' }).waitFor()
    await page.keyboard.press('ArrowDown')
    expect(await message().getAttribute('aria-activedescendant')).toBe(await page.getByRole('option', { name: '/fork' }).getAttribute('id'))
    await page.keyboard.press('Escape')
    await page.getByRole('listbox').waitFor({ state: 'detached' })
    await message().fill('/nonsense')
    await page.keyboard.press('Enter')
    await page.getByText('There is no command /nonsense').waitFor()
    expect(await said(id)).toEqual([])
    await page.keyboard.press('Enter')
    await heard(id, '/nonsense')
  })
  test('an at sign finds files of the workspace and puts their path into the text', async () => {
    mkdirSync(path.join(host.workspace, 'src'), { recursive: true })
    for (const name of ['upload.ts', 'upload.test.ts', 'download.ts']) writeFileSync(path.join(host.workspace, 'src', name), 'x')
    const id = await open()
    await message().click()
    await page.keyboard.type('fix @upl')
    await page.getByRole('option', { name: 'src/upload.ts' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await message().inputValue()).toBe('fix @src/upload.test.ts ')
    await page.keyboard.type('now')
    await page.keyboard.press('Enter')
    await heard(id, 'fix @src/upload.test.ts now')
  })
  test('what the agent may do by itself is chosen in the foot, acts at once, and can be undone', async () => {
    const id = await open()
    await page
      .getByRole('button', { name: 'Permission mode: Ask' })
      .or(page.getByRole('combobox', { name: 'Permission mode: Ask' }))
      .first()
      .click()
    await page.getByRole('option', { name: 'Auto' }).getByText('Acts without asking').waitFor()
    await expectAccessibleThere(page)
    await page.keyboard.type('plan')
    await page.keyboard.press('Enter')
    await sooner('the mode plan', async () => (await host.client.sessions.get({ id })).permissionMode === 'plan')
    await page.getByRole('button', { name: 'Undo' }).click()
    await sooner('the mode ask', async () => (await host.client.sessions.get({ id })).permissionMode === 'ask')
  })
  test('the budget meter tells what was spent of how much, and the budget is changed in place', async () => {
    await host.client.models.price({ model, price: { ...price, input: 1_000 }, contextTokens: 200_000, maxOutputTokens: 300 })
    const id = await open({ budgetUsd: 10 })
    await message().fill('one')
    await message().press('Enter')
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector.getByRole('meter', { name: 'Budget' }).and(page.locator('[aria-valuetext^="$1.00 of $10.00"]')).waitFor()
    await inspector.getByRole('meter', { name: 'Context' }).and(page.locator('[aria-valuetext^="1.1k of 200k"]')).waitFor()
    await inspector.getByRole('button', { name: 'Change the budget' }).click()
    await inspector.getByRole('textbox', { name: 'Budget of this session' }).fill('2.50')
    await page.keyboard.press('Enter')
    await inspector.getByRole('meter', { name: 'Budget' }).and(page.locator('[aria-valuetext^="$1.00 of $2.50"]')).waitFor()
    expect(await host.client.sessions.get({ id })).toMatchObject({ budgetUsd: 2.5 })
    await host.client.models.price({ model, price, contextTokens: 200_000, maxOutputTokens: 300 })
  })
  test('the inspector shows what was changed, and takes files and conversation back', async () => {
    const id = await open({ permissionMode: 'accept-edits' })
    for (const text of ['write first', 'write second']) {
      await message().fill(text)
      await message().press('Enter')
      await sooner(`the answer to ${text}`, async () => (await all(id)).some(({ text: words }) => words === `Heard: ${text}`))
    }
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector
      .getByRole('button', { name: 'Show what changed in note.txt' })
      .or(inspector.getByRole('button', { name: 'note.txt' }))
      .first()
      .click()
    await page.getByRole('dialog').getByText('second').first().waitFor()
    await expectAccessibleThere(page)
    await page.keyboard.press('Escape')
    await inspector.getByRole('button', { name: /Restore files .* write second/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Rewind' }).click()
    await heard(id, 'write first')
    await inspector.getByRole('button', { name: /Restore files .* write second/ }).waitFor({ state: 'detached' })
    // The conversation says so for good.
    await page.getByText(told.rewound(3, 1)).waitFor()
    await page.reload()
    await page.getByText(told.rewound(3, 1)).waitFor()
    await message().fill('/rewind')
    await message().press('Enter')
    await page.getByRole('dialog', { name: 'Edit this message' }).getByRole('button', { name: 'Rewind and edit' }).click()
    await page.getByRole('dialog', { name: 'Edit this message' }).waitFor({ state: 'detached' })
    expect(await message().inputValue()).toBe('write first')
    expect(await said(id)).toEqual([])
    // On a narrow window the same is a sheet, and back closes it.
    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByRole('button', { name: 'Show the inspector' }).click()
    await page.getByRole('dialog', { name: 'Inspector' }).getByText('Limits of a run').waitFor()
    await page.goBack()
    await page.getByRole('dialog', { name: 'Inspector' }).waitFor({ state: 'detached' })
    await page.setViewportSize({ width: 1440, height: 900 })
  })
  test('a daemon that is killed costs nothing that was written: what was sent is visibly pending and arrives once', async () => {
    const id = await open()
    host.kill()
    await page.getByText('No connection to the daemon').waitFor()
    await message().fill('are you there')
    await message().press('Enter')
    const waiting = page.getByRole('list', { name: 'Waiting messages' })
    await waiting.getByText('are you there').waitFor()
    await waiting.getByText('sending').waitFor()
    await message().fill('and another')
    await host.start()
    await heard(id, 'are you there')
    await waiting.waitFor({ state: 'detached' })
    expect(await message().inputValue()).toBe('and another')
    await idle(id)
    expect(await said(id)).toEqual(['are you there'])
  })
  test('a new session is started by its first message, its files with it, once, whatever is clicked twice', async () => {
    const before = (await host.client.sessions.list({ limit: 200 })).items.length
    await opened.go('/sessions')
    await page.locator('input[type=file]').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('remember') })
    await page.getByRole('textbox', { name: 'Message' }).fill('first words\nand more')
    await page.getByText('Folder and budget').click()
    await page
      .getByRole('combobox', { name: 'Workspace folder' })
      .or(page.getByRole('textbox', { name: 'Workspace folder' }))
      .first()
      .fill(host.workspace)
    await expectAccessibleThere(page)
    await page.getByRole('button', { name: 'Start' }).dblclick()
    await page.waitForURL(/\/sessions\/ses_/)
    const id = /ses_[0-9a-z]+/.exec(page.url())?.[0] ?? ''
    await heard(id, 'first words\nand more')
    expect((await all(id))[0]?.attachments.map(({ name }) => name)).toEqual(['notes.txt'])
    expect(await host.client.sessions.get({ id })).toMatchObject({ title: 'first words', workspace: { path: host.workspace } })
    expect((await host.client.sessions.list({ limit: 200 })).items).toHaveLength(before + 1)
    // Of all stories here: they share the page.
    expect(opened.wrong).toEqual([])
  })
})
