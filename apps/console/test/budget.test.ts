import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { lackingChromium, openConsole, startBrowser, startHost, type Host } from './harness.ts'

/** So much script, compressed, the page of a session may load before it can be used; without a session, the frame alone. */
const most = { session: 200_000, frame: 150_000 }

describe.skipIf(lackingChromium !== null)(`what is loaded first${lackingChromium ?? ''}`, () => {
  let browser: Browser
  let host: Host
  beforeAll(async () => void ([browser, host] = await Promise.all([startBrowser(), startHost()])), 60_000)
  afterAll(async () => {
    await browser?.close()
    await host?.[Symbol.asyncDispose]()
  })
  /** Bytes of all scripts that an address loads until nothing more comes, each compressed as the daemon does. */
  async function scriptBytes(address: string): Promise<number> {
    await using opened = await openConsole(browser, host)
    const bytes: Promise<number>[] = []
    opened.page.on('response', (response) => {
      if (response.request().resourceType() === 'script') bytes.push(response.body().then((body) => gzipSync(body, { level: 9 }).byteLength))
    })
    // Over the network once more: what the start page has left is no help.
    await opened.context.newCDPSession(opened.page).then((devtools) => devtools.send('Network.setCacheDisabled', { cacheDisabled: true }))
    await opened.go(address)
    await opened.page.waitForLoadState('networkidle')
    expect(opened.wrong).toEqual([])
    return (await Promise.all(bytes)).reduce((sum, one) => sum + one, 0)
  }

  test('a session can be used after less than 200 kB of script, the frame after less than 150 kB', async () => {
    const { id } = await host.client.sessions.create({ title: 'Budget' })
    const session = await scriptBytes(`/sessions/${id}`)
    expect(session).toBeGreaterThan(50_000)
    expect(session).toBeLessThan(most.session)
    expect(await scriptBytes('/no-such-page')).toBeLessThan(most.frame)
  })
})
