import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LogLine } from '@steward/contract/daemon'
import { followLog, placesAfter } from './follow.ts'
import type { LogFilter } from './lines.ts'
import { asideName, logPlace } from './names.ts'
import { pageOf, type LogCursor } from './page.ts'
import { oldestFirst } from './read.ts'
import { openSources } from './sources.ts'

const start = Date.UTC(2026, 0, 1)
let home: string
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'steward-log-'))
  mkdirSync(logPlace(home).folder)
})
afterEach(() => rmSync(home, { recursive: true, force: true }))
const lineAt = (ms: number, msg: string, more: object = {}) =>
  `${JSON.stringify({ level: 'info', time: new Date(start + ms).toISOString(), pid: 1, component: 'daemon', msg, ...more })}\n`
const file = (name: string) => path.join(logPlace(home).folder, name)
const messagesOf = (lines: readonly LogLine[]) => lines.map(({ message }) => message)

async function pages(filter: LogFilter, limit: number): Promise<{ lines: LogLine[]; pages: number }> {
  const lines: LogLine[] = []
  let cursor: LogCursor | undefined
  for (let count = 1; ; count++) {
    await using sources = await openSources(home)
    const page = await pageOf(sources, filter, limit, cursor)
    lines.push(...page.items)
    cursor = page.next
    if (!cursor) return { lines, pages: count }
  }
}
async function forward(since?: number): Promise<LogLine[]> {
  await using sources = await openSources(home)
  const lines: LogLine[] = []
  for await (const { line } of oldestFirst(sources.files, since)) lines.push(line)
  return lines
}
/** Two files put aside, the current one and one of crashes: lines of three processes, some of equal times, some a little out of order. */
function writeThree(): string[] {
  writeFileSync(file(asideName('steward', new Date(start + 10_000))), Array.from({ length: 500 }, (_, n) => lineAt(n * 10, `a${n}`)).join(''))
  writeFileSync(
    file(asideName('steward', new Date(start + 20_000))),
    Array.from({ length: 3_000 }, (_, n) => lineAt(10_000 + Math.floor(n / 3), `b${n} ${'ü'.repeat(n % 90)}`)).join(''),
  )
  writeFileSync(file('steward.log'), lineAt(20_001, 'c1') + lineAt(20_000, 'c0') + lineAt(20_002, 'c2'))
  return [...Array.from({ length: 500 }, (_, n) => `a${n}`), ...Array.from({ length: 3_000 }, (_, n) => `b${n}`), 'c1', 'c0', 'c2']
}

test('pages hold every line of all files once, newest first, whatever their size', async () => {
  const written = writeThree()
  for (const limit of [1_000, 97, 23]) {
    const { lines } = await pages({}, limit)
    expect(messagesOf(lines).map((text) => text.split(' ')[0])).toEqual(written.toReversed())
  }
})
test('forward, every line once, oldest first', async () => {
  const written = writeThree()
  expect(messagesOf(await forward()).map((text) => text.split(' ')[0])).toEqual(written)
})
test('a time to begin at is found without reading all before it', async () => {
  writeThree()
  const since = await forward(start + 20_000)
  expect(messagesOf(since)).toEqual(expect.arrayContaining(['c0', 'c1', 'c2']))
  expect(since.length).toBeLessThan(1_500)
  const { lines } = await pages({ until: new Date(start + 4_000).toISOString(), since: new Date(start + 3_960).toISOString() }, 3)
  expect(messagesOf(lines)).toEqual(['a400', 'a399', 'a398', 'a397', 'a396'])
})
test('lines are picked by component and level', async () => {
  writeFileSync(
    file('steward.log'),
    lineAt(0, 'one', { component: 'http', level: 'debug' }) +
      lineAt(1, 'two', { component: 'http', level: 'warn' }) +
      lineAt(2, 'three', { component: 'ipc', level: 'error', requestId: 'req_1' }),
  )
  expect(messagesOf((await pages({ components: ['http'] }, 10)).lines)).toEqual(['two', 'one'])
  expect(messagesOf((await pages({ level: 'warn' }, 10)).lines)).toEqual(['three', 'two'])
  expect((await pages({ components: ['ipc'] }, 10)).lines[0]).toEqual({
    time: '2026-01-01T00:00:00.002Z',
    level: 'error',
    component: 'ipc',
    pid: 1,
    message: 'three',
    details: { requestId: 'req_1' },
    raw: false,
  })
})
test('a page that finds nothing ends all the same, and the next goes on from there', async () => {
  const long = 'x'.repeat(10_000)
  writeFileSync(file('steward.log'), lineAt(0, 'sought', { component: 'http' }) + Array.from({ length: 2_000 }, (_, n) => lineAt(n, long)).join(''))
  const found = await pages({ components: ['http'] }, 10)
  expect(messagesOf(found.lines)).toEqual(['sought'])
  expect(found.pages).toBeGreaterThan(2)
})
test('what a process said when it died stands where it died: before the next start, or at the end', async () => {
  writeFileSync(file('steward.log'), lineAt(0, 'first life') + lineAt(1_000, 'second life') + lineAt(5_000, 'its last line'))
  writeFileSync(file('crash.log'), `${lineAt(1, 'begun')}FATAL ERROR: heap\n 1: 0xb09c10 node::Abort()\n${lineAt(900, 'begun again')}out of luck`)
  utimesSync(file('crash.log'), new Date(start + 6_000), new Date(start + 6_000))
  const words = ['first life', 'begun', 'FATAL ERROR: heap\n 1: 0xb09c10 node::Abort()', 'begun again', 'second life', 'its last line', 'out of luck']
  expect(messagesOf(await forward())).toEqual(words)
  const { lines } = await pages({}, 2)
  expect(messagesOf(lines)).toEqual(words.toReversed())
  expect(lines[0]).toMatchObject({ raw: true, component: 'crash', level: 'error', time: '2026-01-01T00:00:06.000Z' })
})
test('no log is no lines', async () => {
  rmSync(logPlace(home).folder, { recursive: true })
  expect((await pages({}, 10)).lines).toEqual([])
})
test('following shows what is appended, in order, also when the file is put aside twice and late lines come to the old one', async () => {
  writeFileSync(file('steward.log'), lineAt(0, 'old'))
  const ending = new AbortController()
  const places = await (async () => {
    await using sources = await openSources(home)
    return placesAfter(sources.files)
  })()
  appendFileSync(file('steward.log'), lineAt(1, 'one'))
  renameSync(file('steward.log'), file(asideName('steward', new Date(start + 1))))
  appendFileSync(file('steward.log'), lineAt(3, 'three'))
  renameSync(file('steward.log'), file(asideName('steward', new Date(start + 2))))
  appendFileSync(file(asideName('steward', new Date(start + 1))), lineAt(2, 'two, late'))
  appendFileSync(file('steward.log'), `${lineAt(4, 'four')}{"level":"info","time":"2026-01-01T0`)
  appendFileSync(file('crash.log'), 'raw words\n')
  const seen: string[] = []
  for await (const lines of followLog(home, places, ending.signal)) {
    seen.push(...messagesOf(lines))
    if (seen.length === 5) appendFileSync(file('steward.log'), '0:00:05.000Z","msg":"five"}\n')
    if (seen.length >= 6) ending.abort()
  }
  expect(seen).toEqual(['one', 'two, late', 'three', 'four', 'raw words', 'five'])
})
test('lines are found by what their message or their details hold, in capitals or not', async () => {
  writeFileSync(file('steward.log'), lineAt(1, 'The disk is full.') + lineAt(2, 'Asked.', { path: '/v1/Disk' }) + lineAt(3, 'Nothing.'))
  expect(messagesOf((await pages({ text: 'DISK' }, 10)).lines)).toEqual(['Asked.', 'The disk is full.'])
  expect((await pages({ text: 'tape' }, 10)).lines).toEqual([])
})
