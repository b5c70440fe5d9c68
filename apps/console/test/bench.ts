// Measures the console against what it aims at, in Chromium at a daemon with a scripted model, and prints a table. Never fails for a figure.
//   npm run bench:console              prints
//   npm run bench:console -- --save    keeps it as docs/console-benchmark.json and docs/console-benchmark.md
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { lastUserText } from '@steward/testkit'
import type { Page } from 'playwright-core'
import { openConsole, startBrowser, startHost } from './harness.ts'
import { fillSession } from './long-session.ts'

/** What a model writes: paragraphs, a list and code in turn, in pieces of about a token. */
const passage = (n: number) => [
  ...Array.from({ length: 40 }, (_, word) => (word === 7 ? `**word${word} ` : word === 9 ? `word${word}** ` : `word${word} `)),
  '\n\n',
  ...Array.from({ length: 5 }, (_, item) => [`- item `, `${item} `, 'of `list` ', `${n}\n`]).flat(),
  '\n```ts\n',
  ...Array.from({ length: 8 }, (_, line) => [`const line${line} `, '= words', `.slice(${line}, `, `${n})\n`]).flat(),
  '```\n\n',
]
const tokens = [...Array.from({ length: 21 }, (_, n) => passage(n)).flat(), 'The stream ends.']
const tokenMs = 4
const asked = 'Write.'
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
interface Watched {
  /** Times between frames, in milliseconds. */
  readonly frames: readonly number[]
  /** Pieces of work of the page of 50 ms and more, during which it answers nothing. */
  readonly longTasks: readonly number[]
  /** Frames at which more words stood there than at the one before. */
  readonly grown: number
  readonly tookMs: number
  /** The share of the time in which the page itself worked, waits for a processor included. */
  readonly busy: number
  /** The longest of its pieces of work by the time that the processor gave to it: what a busy machine adds is not in it. */
  readonly longestCpuMs: number
}
interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}
function longestCpuMs(trace: Buffer): number {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] }
  const mains = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const tasks = traceEvents.filter(({ name, pid, tid }) => name.endsWith('RunTask') && mains.has(`${pid} ${tid}`))
  if (tasks.length === 0) throw new Error('The trace tells of no work of the page.')
  return tasks.reduce((most, { tdur = 0 }) => Math.max(most, tdur / 1_000), 0)
}
/** Watches the frames of a page until `end` is on its screen, or for `forMs`. */
async function watchFrames(page: Page, { end, forMs = Infinity }: { readonly end?: string; readonly forMs?: number }): Promise<Watched> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  const worked = async () => (await devtools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0
  await browser.started.startTracing(page, { categories: ['toplevel', '__metadata'] })
  const before = await worked()
  const watched = await page.evaluate(
    ({ wanted, most }) =>
      new Promise<Omit<Watched, 'busy' | 'longestCpuMs'>>((resolve) => {
        const [frames, longTasks]: [number[], number[]] = [[], []]
        const observer = new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
        observer.observe({ entryTypes: ['longtask'] })
        const began = performance.now()
        let [last, length, grown] = [began, 0, 0]
        const frame = (now: number) => {
          frames.push(now - last)
          last = now
          const said = [...document.querySelectorAll('main article')].at(-1)?.textContent ?? ''
          if (said.length > length) grown++
          length = said.length
          if ((wanted !== null && said.includes(wanted)) || now - began > most) {
            observer.disconnect()
            resolve({ frames: frames.slice(1), longTasks, grown, tookMs: now - began })
          } else requestAnimationFrame(frame)
        }
        requestAnimationFrame(frame)
      }),
    { wanted: end ?? null, most: Math.min(forMs, 120_000) },
  )
  const busy = ((await worked()) - before) / (watched.tookMs / 1_000)
  await devtools.detach()
  return { ...watched, busy, longestCpuMs: longestCpuMs(await browser.started.stopTracing()) }
}
/** What the page holds after what is not needed any more is let go, in megabytes, and its elements. */
async function memoryOf(page: Page): Promise<{ readonly megabytes: number; readonly elements: number }> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  await devtools.detach()
  return { megabytes: usedSize / 1_000_000, elements: await page.evaluate(() => document.querySelectorAll('main *').length) }
}
/** Scrolls to the very beginning, as one who holds Home does, until the first message is on the screen. */
const scrollToBeginning = (page: Page, first: string) =>
  page.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        const frame = document.querySelector<HTMLElement>('main [role=region]')
        const up = () => {
          if (frame?.textContent?.includes(wanted)) return resolve()
          frame?.scrollTo({ top: 0 })
          requestAnimationFrame(up)
        }
        up()
      }),
    first,
  )
const quantile = (samples: readonly number[], share: number) =>
  samples.toSorted((a, b) => a - b)[Math.min(samples.length - 1, Math.floor(samples.length * share))] ?? 0
const best = async (times: number, once: () => Promise<number>) => {
  const all: number[] = []
  for (let n = 0; n < times; n++) all.push(await once())
  return Math.min(...all)
}

interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** It aims at no more, or no less, than this. */
  readonly most?: number
  readonly least?: number
}
/** Null for what is only told. */
const isMet = ({ value, most, least }: Figure) =>
  most === undefined && least === undefined ? null : value <= (most ?? Infinity) && value >= (least ?? 0)
const aimOf = ({ most, least }: Pick<Figure, 'most' | 'least'>, unit: string) =>
  most !== undefined ? `≤ ${most} ${unit}` : least !== undefined ? `≥ ${least} ${unit}` : ''

const load = loadavg()[0] ?? 0
await using host = await startHost({
  turns: (request) => (lastUserText(request) === asked ? { text: tokens, deltaMs: tokenMs } : { text: 'They spoke of a parser.' }),
  startMs: 60_000,
})
const { id } = await host.client.sessions.create({ title: 'Ten thousand' })
await fillSession(host, id, 10_000)
const { id: empty } = await host.client.sessions.create({ title: 'Empty' })
await using browser = { started: await startBrowser(), [Symbol.asyncDispose]: () => browser.started.close() }
await using opened = await openConsole(browser.started, host)
const { page } = opened
const interactive = await best(5, () => untilHeading(page, `${host.url}/app/sessions/${empty}`))
const open = await best(5, async () => {
  await opened.go('/sessions')
  return untilShown(page, `/app/sessions/${id}`, 'Answer 10000.')
})
const rows = await page.evaluate(() => document.querySelectorAll('main *').length)
// The machine by itself: the same page while nothing comes.
const still = await watchFrames(page, { forMs: 3_000 })
await host.client.messages.send({ sessionId: id, text: asked, model: 'anthropic/wire-1' })
await page.getByText('word3 ', { exact: false }).last().waitFor({ timeout: 60_000 })
const stream = await watchFrames(page, { end: 'The stream ends.' })
const perSecond = tokens.length / (stream.tookMs / 1_000)
const atEnd = await memoryOf(page)
await scrollToBeginning(page, 'Question 1:')
const atBeginning = await memoryOf(page)
const measured: Figure[] = [
  { name: 'session page, until its heading is there', value: interactive, unit: 'ms', most: 1_000 },
  { name: 'session of 10,000 messages, from the step to it until the last is shown', value: open, unit: 'ms', most: 300 },
  { name: 'elements on that page', value: rows, unit: '' },
  { name: 'tokens a second that come into it', value: perSecond, unit: '', least: 200 },
  { name: 'of its frames meanwhile, those that showed more words', value: (100 * stream.grown) / stream.frames.length, unit: '%' },
  { name: 'frames meanwhile, half of them', value: quantile(stream.frames, 0.5), unit: 'ms', most: 50 },
  { name: 'frames meanwhile, 95 of 100', value: quantile(stream.frames, 0.95), unit: 'ms', most: 50 },
  { name: 'the longest of them', value: Math.max(...stream.frames), unit: 'ms', most: 50 },
  { name: 'the same page while nothing comes, 95 of 100 frames', value: quantile(still.frames, 0.95), unit: 'ms' },
  { name: 'the longest of those', value: Math.max(...still.frames), unit: 'ms' },
  { name: 'work of the page in one piece of 50 ms and more while words come, times', value: stream.longTasks.length, unit: '', most: 0 },
  { name: 'the longest of it', value: Math.max(0, ...stream.longTasks), unit: 'ms', most: 50 },
  { name: 'the longest of it by the processor time it took', value: stream.longestCpuMs, unit: 'ms', most: 50 },
  { name: 'memory of the page at the end of the stream', value: atEnd.megabytes, unit: 'MB' },
  { name: 'memory after scrolling up through all 10,000 messages', value: atBeginning.megabytes, unit: 'MB', most: 100 },
  { name: 'elements on the page then', value: atBeginning.elements, unit: '' },
  { name: 'share of the time in which the page worked', value: 100 * stream.busy, unit: '%' },
]
const figures = measured.map((figure) => ({ ...figure, value: Math.round(figure.value * 10) / 10, isMet: isMet(figure) }))
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, Chromium ${browser.started.version()}, load ${load.toFixed(1)}`
const table = [
  '| what | aim | measured | met |',
  '|---|---|---|---|',
  ...figures.map(
    ({ name, value, unit, isMet: met, ...figure }) =>
      `| ${name} | ${aimOf(figure, unit)} | ${value} ${unit} | ${met === null ? '' : met ? 'yes' : '**no**'} |`,
  ),
].join('\n')
console.log(`${table}\n${machine}`)
if (process.argv.includes('--save')) {
  const at = new Date().toISOString()
  const docs = (file: string) => fileURLToPath(new URL(`../../../docs/${file}`, import.meta.url))
  writeFileSync(docs('console-benchmark.json'), `${JSON.stringify({ at, machine, figures }, null, 2)}\n`)
  writeFileSync(
    docs('console-benchmark.md'),
    `# How fast the console is\n\nMade by \`npm run bench:console -- --save\`.\n\n${table}\n\nMeasured ${at} on ${machine}; the daemon, the model and the browser share its processors, and the browser draws without a graphics card. Times between frames hold the waits for a processor; what the page itself takes is told in processor time.\n`,
  )
}
