import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { until } from '@steward/testkit'
import { lackingChromium, model, openConsole, startBrowser, startHost, type Host } from './harness.ts'

/** So much script, compressed, the page of a session may load before it can be used; without a session, the frame alone. */
const most = { session: 195_000, frame: 150_000 }

describe.skipIf(lackingChromium !== null)(`what is loaded first${lackingChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  beforeAll(
    async () => void ([browser, host] = await Promise.all([startBrowser(), startHost({ turns: [{ text: 'Read:\n\n- **this**\n- that\n' }] })])),
    60_000,
  )
  afterAll(async () => {
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })
  /** Bytes of all scripts that an address loads until it is `there`, each compressed as the daemon does. What the page fetches later, while nothing else is to do, is not among them. */
  async function scriptBytes(address: string, there: (page: Page) => Promise<unknown>): Promise<number> {
    await using opened = await openConsole(browser, host)
    const bytes: Promise<number>[] = []
    let isThere = false
    opened.page.on('response', (response) => {
      if (!isThere && response.request().resourceType() === 'script')
        bytes.push(response.body().then((body) => gzipSync(body, { level: 9 }).byteLength))
    })
    // Over the network once more: what the start page has left is no help.
    await opened.context.newCDPSession(opened.page).then((devtools) => devtools.send('Network.setCacheDisabled', { cacheDisabled: true }))
    await opened.go(address)
    await there(opened.page)
    isThere = true
    expect(opened.wrong).toEqual([])
    return (await Promise.all(bytes)).reduce((sum, one) => sum + one, 0)
  }

  test('a session can be used after less than 195 kB of script, the frame after less than 150 kB', async () => {
    const { id } = await host.client.sessions.create({ title: 'Budget' })
    await host.client.messages.send({ sessionId: id, text: 'Say something.', model })
    await until(async () => (await host.client.sessions.get({ id })).status === 'idle', { what: 'an answer' })
    const session = await scriptBytes(`/sessions/${id}`, async (page) => {
      await page.getByRole('listitem').getByText('that').waitFor()
      await page.getByRole('textbox', { name: 'Message' }).waitFor()
      await page.getByRole('complementary', { name: 'Inspector' }).getByRole('meter', { name: 'Context' }).waitFor()
    })
    expect(session).toBeGreaterThan(50_000)
    expect(session).toBeLessThan(most.session)
    expect(await scriptBytes('/no-such-page', (page) => page.getByText('There is no such page').waitFor())).toBeLessThan(most.frame)
  })
})
