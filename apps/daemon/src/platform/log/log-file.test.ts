import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openLogFile, type LogFile } from './log-file.ts'
import { logNames, logPlace } from './names.ts'

let home: string
const opened: LogFile[] = []
beforeEach(() => void (home = mkdtempSync(path.join(tmpdir(), 'steward-log-'))))
afterEach(() => {
  vi.useRealTimers()
  for (const file of opened.splice(0)) file.close()
  rmSync(home, { recursive: true, force: true })
})
const open = (limits: { bytes?: number; days?: number; totalBytes?: number } = {}): LogFile => {
  const file = openLogFile(home, () => ({ bytes: 1_000_000, days: 30, totalBytes: 10_000_000, ...limits }))
  opened.push(file)
  return file
}
const line = (msg: string, at = Date.now()) => `${JSON.stringify({ level: 'info', time: new Date(at).toISOString(), component: 'daemon', msg })}\n`
const names = () => logNames(readdirSync(logPlace(home).folder))
const all = () =>
  names()
    .map((name) => readFileSync(path.join(logPlace(home).folder, name), 'utf8'))
    .join('')
const messages = () =>
  all()
    .trim()
    .split('\n')
    .map((text) => (JSON.parse(text) as { msg: string }).msg)

test('lines stand in the file in order, which nobody else may read', async () => {
  const file = open()
  for (const word of ['one', 'two', 'three']) file.write(line(word), false)
  await new Promise(setImmediate)
  await vi.waitFor(() => expect(messages()).toEqual(['one', 'two', 'three']))
  expect(statSync(logPlace(home).current).mode & 0o777).toBe(0o600)
  expect(statSync(logPlace(home).folder).mode & 0o777).toBe(0o700)
})
test('an error is in the file before anything else happens, and what came before it too', () => {
  const file = open()
  file.write(line('said before'), false)
  file.write(line('an error'), true)
  expect(messages()).toEqual(['said before', 'an error'])
})
test('a start adds to what an earlier one has written', () => {
  open().close()
  writeFileSync(logPlace(home).current, line('of the earlier one'))
  const file = open()
  file.write(line('of this one'), true)
  expect(messages()).toEqual(['of the earlier one', 'of this one'])
})
test('a long file is put aside by its name, and lines of another process that has it open are not lost', () => {
  const file = open({ bytes: 1_000 })
  const { current } = logPlace(home)
  for (let n = 0; n < 50; n++) {
    file.write(line(`mine ${n}`), true)
    appendFileSync(current, line(`another's ${n}`))
  }
  expect(names().length).toBeGreaterThan(3)
  expect(messages().toSorted()).toEqual(
    Array.from({ length: 50 }, (_, n) => [`mine ${n}`, `another's ${n}`])
      .flat()
      .toSorted(),
  )
  for (const name of names()) expect(statSync(path.join(logPlace(home).folder, name)).size).toBeLessThan(2_500)
})
test('a file is put aside when its first line is a day old', () => {
  mkdirSync(logPlace(home).folder)
  writeFileSync(logPlace(home).current, line('yesterday', Date.now() - 25 * 3_600_000))
  const file = open()
  file.write(line('today'), true)
  expect(names()).toHaveLength(2)
  expect(readFileSync(logPlace(home).current, 'utf8')).toContain('today')
  expect(messages()).toEqual(['yesterday', 'today'])
})
test('what was put aside is removed when it is too old, and the oldest when all together are too much; the current file and what is not ours stay', () => {
  const { folder } = logPlace(home)
  mkdirSync(folder)
  const put = (name: string, days: number, bytes: number) => {
    const file = path.join(folder, name)
    writeFileSync(file, 'x'.repeat(bytes))
    utimesSync(file, new Date(), new Date(Date.now() - days * 86_400_000))
  }
  put('steward.20260101T000000000Z.log', 40, 10)
  put('crash.20260102T000000000Z.log', 39, 10)
  put('steward.20260103T000000000Z.log', 3, 600)
  put('steward.20260104T000000000Z.log', 2, 600)
  put('notes.txt', 400, 10)
  put('steward.log', 0, 10)
  open({ days: 30, totalBytes: 1_000 })
  expect(readdirSync(folder).toSorted()).toEqual(['notes.txt', 'steward.20260104T000000000Z.log', 'steward.log'])
})
test('a log that cannot be written harms nobody; when it can be again, what was kept is there and what was lost is told', async () => {
  const { folder, current } = logPlace(home)
  const file = open()
  file.write(line('before'), true)
  // The folder is taken away and a file put in its place: nothing can be opened there.
  file.close()
  rmSync(folder, { recursive: true })
  writeFileSync(folder, '')
  const broken = open({ bytes: 5_000_000 })
  for (let n = 0; n < 30; n++) broken.write(line(`kept ${n} ${'x'.repeat(50_000)}`), true)
  rmSync(folder)
  await vi.waitFor(() => expect(readFileSync(current, 'utf8')).toContain('lines of the log were lost'), { timeout: 10_000 })
  const told = messages()
  expect(told[0]).toMatch(/^kept 0 /)
  const kept = told.filter((text) => text.startsWith('kept')).length
  expect(told.at(-1)).toMatch(new RegExp(`^${30 - kept} lines of the log were lost: the file could not be written \\((ENOTDIR|EEXIST)\\)\\.$`))
  expect(kept).toBeGreaterThan(10)
})
test('a file that somebody else moves away is begun anew within a minute', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const file = open()
  const { current } = logPlace(home)
  file.write(line('first'), true)
  renameSync(current, `${current}.1`)
  vi.advanceTimersByTime(61_000)
  file.write(line('second'), true)
  expect(readFileSync(current, 'utf8')).toContain('second')
  expect(readFileSync(`${current}.1`, 'utf8')).not.toContain('second')
})
