// Measures the console against what it aims at, in Chromium at a daemon with a scripted model, and prints a table. Never fails for a figure.
//   npm run bench:console              prints
//   npm run bench:console -- --save    keeps it as docs/console-benchmark.json and docs/console-benchmark.md
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { openConsole, startBrowser, startHost } from './harness.ts'
import { fillSession } from './long-session.ts'

const words = Array.from({ length: 2_000 }, (_, n) => `${n % 40 === 39 ? '\n\n' : ''}word${n} `)
/** A load of a page until its heading can be read: milliseconds since the navigation began. */
const untilHeading = async (page: Page, address: string) => {
  await page.goto(address)
  await page.locator('main h1').first().waitFor()
  return page.evaluate(() => performance.now())
}
/** From the step to an address within the page until the last message is on the screen. */
async function untilShown(page: Page, address: string, last: string): Promise<number> {
  await page.evaluate(
    ({ to, wanted }) => {
      const state = globalThis as unknown as { shownMs?: number }
      delete state.shownMs
      const began = performance.now()
      const look = () => {
        if (document.querySelector('main')?.textContent?.includes(wanted)) state.shownMs = performance.now() - began
        else requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
      // The router hears of it, as of a press on a link.
      history.pushState(null, '', to)
    },
    { to: address, wanted: last },
  )
  return (await page.waitForFunction(() => (globalThis as unknown as { shownMs?: number }).shownMs)).jsonValue() as Promise<number>
}
/** The times between frames until `end` is on the screen. */
async function framesUntil(page: Page, end: string): Promise<number[]> {
  const frames = await page.evaluate(
    (wanted) =>
      new Promise<number[]>((resolve) => {
        const gaps: number[] = []
        let before = performance.now()
        const frame = (now: number) => {
          gaps.push(now - before)
          before = now
          if (gaps.length % 10 === 0 && document.querySelector('main')?.textContent?.includes(wanted)) resolve(gaps)
          else requestAnimationFrame(frame)
        }
        requestAnimationFrame(frame)
      }),
    end,
  )
  return frames.slice(1)
}
const quantile = (samples: readonly number[], share: number) =>
  samples.toSorted((a, b) => a - b)[Math.min(samples.length - 1, Math.floor(samples.length * share))] ?? 0
const best = async (times: number, once: () => Promise<number>) => {
  const all: number[] = []
  for (let n = 0; n < times; n++) all.push(await once())
  return Math.min(...all)
}

const load = loadavg()[0] ?? 0
await using host = await startHost({ turns: [{ text: words, deltaMs: 5 }], startMs: 60_000 })
const { id } = await host.client.sessions.create({ title: 'Ten thousand' })
await fillSession(host, id, 10_000)
const { id: streamed } = await host.client.sessions.create({ title: 'Streamed' })
await using browser = { started: await startBrowser(), [Symbol.asyncDispose]: () => browser.started.close() }
await using opened = await openConsole(browser.started, host)
const { page } = opened
const interactive = await best(5, () => untilHeading(page, `${host.url}/app/sessions/${streamed}`))
const open = await best(5, async () => {
  await opened.go('/sessions')
  return untilShown(page, `/app/sessions/${id}`, 'Answer 10000.')
})
const rows = await page.evaluate(() => document.querySelectorAll('main *').length)
await opened.go(`/sessions/${streamed}`)
await host.client.messages.send({ sessionId: streamed, text: 'Write.', model: 'anthropic/wire-1' })
const frames = await framesUntil(page, 'word1999')
const figures = [
  { name: 'session page, until its heading is there', value: interactive, unit: 'ms', limit: 1_000 },
  { name: 'session of 10,000 messages, from the step to it until the last is shown', value: open, unit: 'ms', limit: 300 },
  { name: 'elements on that page', value: rows, unit: '' },
  { name: 'frames while 200 tokens a second come, 95 of 100', value: quantile(frames, 0.95), unit: 'ms', limit: 50 },
  { name: 'the longest of them', value: Math.max(...frames), unit: 'ms', limit: 50 },
].map((figure) => ({ ...figure, value: Math.round(figure.value * 10) / 10, isWithin: figure.limit === undefined || figure.value <= figure.limit }))
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, Chromium ${browser.started.version()}, load ${load.toFixed(1)}`
const table = [
  '| what | measured | aim |',
  '|---|---|---|',
  ...figures.map(
    ({ name, value, unit, limit, isWithin }) =>
      `| ${name} | ${value} ${unit} | ${limit === undefined ? '' : `${limit} ${unit}${isWithin ? '' : ', missed'}`} |`,
  ),
].join('\n')
console.log(`${table}\n${machine}`)
if (process.argv.includes('--save')) {
  const at = new Date().toISOString()
  const docs = (file: string) => fileURLToPath(new URL(`../../../docs/${file}`, import.meta.url))
  writeFileSync(docs('console-benchmark.json'), `${JSON.stringify({ at, machine, figures }, null, 2)}\n`)
  writeFileSync(
    docs('console-benchmark.md'),
    `# How fast the console is\n\nMade by \`npm run bench:console -- --save\`.\n\n${table}\n\nMeasured ${at} on ${machine}.\n`,
  )
}
