import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { openConsole, startBrowser, startHost, type Host, type HostOptions } from './harness.ts'

/** What a seed exports: how its daemon is started, and what it does to it before it is looked at; it may answer addresses to look at. */
export interface Seed {
  readonly options?: HostOptions
  seed(host: Host): Promise<readonly string[] | void>
}
const sizes = [1440, 1024, 390]
const [folder = 'screens', seedFile, ...more] = process.argv.slice(2)
if (seedFile === undefined)
  throw new Error(
    'node apps/console/test/look.ts FOLDER SEED.ts [/address …]: pictures of these addresses of the console in both themes and three widths.',
  )

const { options = {}, seed } = (await import(pathToFileURL(path.resolve(seedFile)).href)) as Seed
await using host = await startHost(options)
const addresses = [...((await seed(host)) ?? []), ...more]
await using browser = { browser: await startBrowser(), [Symbol.asyncDispose]: () => browser.browser.close() }
mkdirSync(folder, { recursive: true })
for (const colorScheme of ['light', 'dark'] as const)
  for (const width of sizes) {
    await using opened = await openConsole(browser.browser, host, { colorScheme, viewport: { width, height: width < 720 ? 844 : 900 } })
    for (const address of addresses) {
      await opened.go(address)
      await opened.page.waitForLoadState('networkidle')
      await opened.page.waitForTimeout(400)
      const name = address.replaceAll(/[^a-zA-Z0-9]+/g, '-').replace(/^-/, '') || 'start'
      await opened.page.screenshot({ path: path.join(folder, `${name}-${width}-${colorScheme}.png`) })
    }
    if (opened.wrong.length > 0) console.error(opened.wrong.join('\n'))
  }
