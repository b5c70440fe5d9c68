import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { openConsole, startBrowser, startHost, type Host, type HostOptions } from './harness.ts'

/** What a seed exports: how its daemon is started, and what it does to it before it is looked at; it may answer addresses to look at. */
export interface Seed {
  readonly options?: HostOptions
  seed(host: Host): Promise<readonly string[] | void>
}
export interface Session {
  readonly folder: string
  readonly seedFile: string
  readonly addresses: readonly string[]
  readonly widths: readonly number[]
}
/** Starts a daemon, lets the seed fill it, and photographs each address in both themes and all widths: `tasks-390-dark.png`. */
export async function photograph({ folder, seedFile, addresses, widths }: Session): Promise<void> {
  const { options = {}, seed } = (await import(pathToFileURL(seedFile).href)) as Seed
  await using host = await startHost(options)
  const all = [...((await seed(host)) ?? []), ...addresses]
  await using browser = { browser: await startBrowser(), [Symbol.asyncDispose]: () => browser.browser.close() }
  mkdirSync(folder, { recursive: true })
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of widths) {
      await using opened = await openConsole(browser.browser, host, { colorScheme, viewport: { width, height: width < 720 ? 844 : 900 } })
      const taken = new Map<string, number>()
      for (const address of all) {
        await opened.go(address)
        await opened.page.waitForLoadState('networkidle')
        await opened.page.waitForTimeout(400)
        // The first id of an address says nothing to a reader.
        const plain =
          address
            .replaceAll(/[a-z]+_[0-9a-z]{10,}/g, 'one')
            .replaceAll(/[^a-zA-Z0-9]+/g, '-')
            .replaceAll(/^-|-$/g, '') || 'start'
        const before = taken.get(plain) ?? 0
        taken.set(plain, before + 1)
        const name = before === 0 ? plain : `${plain}-${before + 1}`
        await opened.page.screenshot({ path: path.join(folder, `${name}-${width}-${colorScheme}.png`) })
      }
      if (opened.wrong.length > 0) console.error(opened.wrong.join('\n'))
    }
}
