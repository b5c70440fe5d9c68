import { tempDir } from '@steward/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromium, type Page } from 'playwright-core'
import { lackingChromium, launch, startHost, troublesOf, type Host } from './harness.ts'

describe.skipIf(lackingChromium !== null)(`the console as an app${lackingChromium ?? ''}`, () => {
  const all = new AsyncDisposableStack()
  let host: Host
  let page: Page
  let wrong: string[]
  // A window that keeps nothing, as in other stories, can install nothing.
  beforeAll(async () => {
    host = all.use(await startHost())
    const profile = all.use(await tempDir('steward-profile-'))
    const context = all.adopt(await chromium.launchPersistentContext(profile.path, launch), (opened) => opened.close())
    page = await context.newPage()
    wrong = troublesOf(page, host)
    await page.goto(await host.loginAddress())
    await page.getByRole('navigation').first().waitFor()
    await page.evaluate(() => navigator.serviceWorker.ready)
  }, 60_000)
  afterAll(() => all.disposeAsync())

  test('a browser offers to install it', async () => {
    const devtools = await page.context().newCDPSession(page)
    expect((await devtools.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([])
    const manifest = await devtools.send('Page.getAppManifest')
    expect([manifest.url, manifest.errors]).toEqual([`${host.url}/app/manifest.webmanifest`, []])
  })
  test('what it keeps are its own parts, and they are never shown in place of what the daemon has', async () => {
    const kept = await page.evaluate(async () => {
      const [name = ''] = await caches.keys()
      const cache = await caches.open(name)
      const paths = (await cache.keys()).map(({ url }) => new URL(url).pathname)
      const own = await cache.match('/app/')
      await cache.put('/app/', new Response('outdated', { headers: { 'content-type': 'text/html' } }))
      return { paths, own: (await own?.text()) ?? '' }
    })
    expect(kept.paths).toContain('/app/')
    expect(kept.paths.filter((path) => !path.startsWith('/app/'))).toEqual([])
    await page.goto(`${host.url}/app/sessions`)
    await page.getByRole('main').waitFor()
    await page.evaluate(async (own) => {
      const [name = ''] = await caches.keys()
      await (await caches.open(name)).put('/app/', new Response(own, { headers: { 'content-type': 'text/html' } }))
    }, kept.own)
    expect(wrong).toEqual([])
  })
  test('it opens with its frame and the news that the daemon is away, and is whole again when the daemon is', async () => {
    host.kill()
    await page.reload()
    await page.getByRole('link', { name: 'Sessions' }).first().waitFor()
    await page.getByText('No connection to the daemon').waitFor()
    await host.start()
    await page.getByText('No connection to the daemon').waitFor({ state: 'hidden' })
    expect(wrong).toEqual([])
  })
})
