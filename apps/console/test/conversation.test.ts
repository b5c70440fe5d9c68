import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lastUserText, turnIndex, type Turn, type WireRequest } from '@steward/testkit'
import { expectAccessibleThere, lackingChromium, model, openConsole, startBrowser, startHost, type Host, type Opened } from './harness.ts'

const story = Array.from({ length: 60 }, (_, index) => `word${index} `)
const hostile = `<script>window.hurt = 1</script><img src=x onerror="window.hurt = 2">

[press me](javascript:window.hurt=3) and <a href="javascript:window.hurt=4">me</a> and ![picture](https://evil.example/x.png)

[https://bank.example](https://evil.example/login) \u202Egpj.exe`
const noise = String.raw`printf '\033]0;owned\007\033[31mred\033[0m <script>window.hurt=5</script> \342\200\256evil'; head -c 1000000 /dev/zero | tr '\0' 'x'`

/** What the model says, by the first words of the session. */
const answers: Readonly<Record<string, readonly Turn[]>> = {
  'Fix it': [
    {
      reasoning: 'It waits for a timer.',
      text: ['I found **the fault** in `upload.ts`:\n\n', '- a timer\n- no event\n\n', '| Run | Result |\n| --- | --- |\n| 1 | ok |\n'],
      calls: [{ name: 'files_edit', input: { path: 'upload.ts', oldText: 'setTimeout(done, 50)', newText: "await once(stream, 'close')" } }],
    },
    { text: 'It is fixed.' },
  ],
  'Be hostile': [{ text: hostile, calls: [{ name: 'shell_run', input: { command: noise } }] }, { text: 'Done.' }],
}
/** What the model has said in a session so far. */
const saidBefore = (request: WireRequest): string =>
  (request.body['messages'] as { role: string; content: string | { text?: string }[] }[])
    .filter(({ role }) => role === 'assistant')
    .flatMap(({ content }) => (typeof content === 'string' ? [content] : content.map(({ text = '' }) => text)))
    .join('')
const turns = (request: WireRequest): Turn => {
  const all = JSON.stringify(request.body['messages'])
  // Asked to go on after a break, a model goes on where it was.
  if (all.includes('Tell a story'))
    return {
      text:
        story
          .join('')
          .slice(saidBefore(request).length)
          .match(/.{1,7}/gs) ?? [],
      deltaMs: 60,
    }
  const said = Object.keys(answers).find((words) => all.includes(words)) ?? ''
  return answers[said]?.[turnIndex(request)] ?? { text: `You said: ${lastUserText(request).slice(0, 80)}` }
}
/** On a quiet machine each story takes a second or three. */
const patience = { timeout: 120_000 }

describe.skipIf(lackingChromium !== null)(`a conversation${lackingChromium ?? ''}`, patience, () => {
  let browser: Browser
  let host: Host
  beforeAll(async () => {
    ;[browser, host] = await Promise.all([startBrowser(), startHost({ turns, startMs: 60_000 })])
  }, 90_000)
  afterAll(async () => {
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })
  const session = (title: string, permissionMode: 'ask' | 'auto' = 'ask') =>
    host.client.sessions.create({ title, model, permissionMode, workspace: { path: host.workspace } })
  const opened = async (id: string): Promise<Opened> => {
    const console = await openConsole(browser, host)
    await console.go(`/sessions/${id}`)
    await stream(console.page).waitFor()
    return console
  }
  const stream = (page: Page) => page.getByRole('region', { name: 'Conversation', exact: true })

  test('an answer is shown as it comes, and the change it asks for is seen whole, allowed here, and gone in the other tab', async () => {
    writeFileSync(path.join(host.workspace, 'upload.ts'), 'export const upload = (done) => {\n  setTimeout(done, 50)\n}\n')
    const { id } = await session('Upload')
    await using first = await opened(id)
    await using second = await opened(id)
    await host.client.messages.send({ sessionId: id, text: 'Fix it' })
    const talk = stream(first.page)
    await talk.getByRole('article', { name: /^You/ }).getByText('Fix it').waitFor()
    await talk.getByRole('listitem').filter({ hasText: 'no event' }).waitFor()
    await talk.getByRole('cell', { name: 'ok' }).waitFor()
    await expect.poll(() => talk.locator('strong', { hasText: 'the fault' }).count()).toBe(1)
    const card = stream(second.page).getByRole('article', { name: /files.edit asks/ })
    await card.getByText("await once(stream, 'close')").first().waitFor()
    await expectAccessibleThere(first.page)
    await talk.getByRole('button', { name: 'Reasoning' }).click()
    await talk.getByText('It waits for a timer.').waitFor()
    await talk
      .getByRole('article', { name: /files.edit asks/ })
      .getByRole('button', { name: /^Allow/ })
      .click()
    await card.waitFor({ state: 'detached' })
    for (const { page } of [first, second]) await stream(page).getByText('It is fixed.').waitFor()
    const line = talk.getByRole('button', { name: /edit upload\.ts/ })
    await line.click()
    await talk.getByRole('figure', { name: 'upload.ts' }).getByText('setTimeout(done, 50)').waitFor()
    await expect.poll(() => line.textContent()).toContain('+1 −1')
    expect([first.wrong, second.wrong]).toEqual([[], []])
  })

  test('a daemon that is killed in mid-sentence goes on after its restart, and the page with it: every word once', async () => {
    const { id } = await session('Story')
    await using console = await opened(id)
    await host.client.messages.send({ sessionId: id, text: 'Tell a story' })
    const talk = stream(console.page)
    await talk.getByText('word7').waitFor()
    host.kill()
    await host.start()
    await talk.getByText('word59').waitFor({ timeout: 30_000 })
    await expect.poll(async () => (await host.client.sessions.get({ id })).status, { timeout: 20_000 }).toBe('idle')
    const shown = await talk.locator('article p[dir=auto]').allTextContents()
    expect(shown.join('').replaceAll(/\s/g, '')).toBe(story.join('').replaceAll(/\s/g, ''))
    expect(console.wrong).toEqual([])
  })

  test('what a model or a tool says is shown and never obeyed, however long; script that is put into the page does not run', async () => {
    const { id } = await session('Hostile', 'auto')
    await using console = await opened(id)
    const { page } = console
    let dialogs = 0
    page.on('dialog', (dialog) => {
      dialogs++
      void dialog.dismiss()
    })
    await host.client.messages.send({ sessionId: id, text: 'Be hostile' })
    const talk = stream(page)
    await talk.getByText('Done.').waitFor()
    await talk.getByText('<script>window.hurt = 1</script>').waitFor()
    expect(await talk.locator('script, img, iframe').count()).toBe(0)
    // What draws Markdown comes with the first of it.
    const protocols = () => talk.locator('a').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).protocol))
    await expect.poll(protocols, { timeout: 10_000 }).toEqual(['https:', 'https:'])
    await talk.getByText('(evil.example)').waitFor()
    await talk.getByText('⟨RLO⟩').first().waitFor()
    await talk.getByRole('button', { name: /shell printf/ }).click()
    const output = talk.getByRole('region', { name: 'Output' })
    await output.getByText('red <script>window.hurt=5</script> ⟨RLO⟩evil').waitFor()
    expect(await output.evaluate((element) => [element.textContent.includes('\u001b'), element.scrollWidth > element.clientWidth + 1])).toEqual([
      false,
      false,
    ])
    await talk.getByRole('searchbox', { name: 'Search in the text' }).fill('script')
    await talk.getByText('1 of 2').waitFor()
    expect(await page.title()).not.toContain('owned')
    expect([dialogs, console.wrong]).toEqual([0, []])
    const ran = await page.evaluate(() => {
      try {
        const script = document.createElement('script')
        script.textContent = 'window.hurt = 6'
        document.body.append(script)
      } catch {
        // Trusted types refuse the text already.
      }
      return (window as { hurt?: number }).hurt
    })
    expect(ran).toBeUndefined()
  })

  test('what comes while somebody reads further up moves nothing, is counted, and is one press away; a link leads to its message', async () => {
    const { id } = await session('Long')
    const { messageId } = await host.client.messages.send({ sessionId: id, text: `Question 0 ${'lorem ipsum '.repeat(200)}` })
    for (let index = 1; index < 8; index++)
      await host.client.messages.send({ sessionId: id, text: `Question ${index} ${'lorem ipsum '.repeat(200)}` })
    await expect.poll(async () => (await host.client.sessions.get({ id })).status, { timeout: 20_000 }).toBe('idle')
    await using console = await opened(id)
    const { page } = console
    const talk = stream(page)
    await talk.getByText('You said: Question 7').waitFor()
    const toLive = page.getByRole('button', { name: 'Jump to live' })
    expect(await toLive.count()).toBe(0)
    await talk.hover()
    await page.mouse.wheel(0, -1200)
    await toLive.waitFor()
    // Where the message that is being read stands on the screen.
    const read = talk.getByRole('article').filter({ hasText: /^You.*Question 6/s })
    await read.waitFor()
    const stands = async () => Math.round((await read.boundingBox())?.y ?? Number.NaN)
    let before = Number.NaN
    await expect
      .poll(
        async () => {
          const last = before
          before = await stands()
          return before - last
        },
        { timeout: 20_000, interval: 300 },
      )
      .toBe(0)
    await host.client.messages.send({ sessionId: id, text: 'Question 8' })
    const count = page.getByRole('button', { name: 'Jump to live, 2 new' })
    await count.waitFor()
    expect(Math.abs((await stands()) - before)).toBeLessThanOrEqual(1)
    await count.click()
    await talk.getByText('You said: Question 8').waitFor()
    await toLive.waitFor({ state: 'detached' })
    await console.go(`/sessions/${id}#${messageId}`)
    await talk.getByText('Question 0', { exact: false }).first().waitFor()
    expect(await page.locator(`[id="${messageId}"]`).getAttribute('data-marked')).toBe('')
    expect(console.wrong).toEqual([])
  })
})
