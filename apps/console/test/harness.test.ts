import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { tempDir } from '@steward/testkit'
import { expectAccessible, lackingChromium, openConsole, startBrowser, startHost } from './harness.ts'

/** Command lines of all processes of this machine. */
const commandLines = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')]
      } catch {
        return []
      }
    })

test.skipIf(process.platform !== 'linux')('a daemon that hangs while it starts is a fault with its words, and leaves no process behind', async () => {
  await using dir = await tempDir('steward-hang-')
  const hang = path.join(dir.path, 'hang.mjs')
  writeFileSync(
    hang,
    `if (process.argv[1]?.endsWith('daemon/src/main.ts')) { console.error('hangs in ${dir.path}'); process.on('SIGTERM', () => {}); for (;;); }`,
  )
  const started = startHost({ env: { NODE_OPTIONS: `--import=${hang}`, STEWARD_HOME: path.join(dir.path, 'home') }, startMs: 6_000 })
  await expect(started).rejects.toThrow(`hangs in ${dir.path}`)
  expect(commandLines().filter((line) => line.includes(dir.path))).toEqual([])
})

describe.skipIf(lackingChromium !== null)(`obstacles${lackingChromium ?? ''}`, () => {
  let browser: Browser
  beforeAll(async () => void (browser = await startBrowser()))
  afterAll(() => browser?.close())

  test('an obstacle for people who do not see the page is named with its rule, its place and the page', async () => {
    await using host = await startHost()
    await using opened = await openConsole(browser, host)
    await opened.go('/sessions')
    await expectAccessible(opened.page)
    await opened.page.evaluate(() => document.querySelector('main')?.append(Object.assign(document.createElement('button'), { id: 'nameless' })))
    await expect(expectAccessible(opened.page)).rejects.toThrow(/^\/app\/sessions, light[^]*button-name[^]*#nameless/)
    expect(opened.wrong).toEqual([])
  })
})
