import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'
import { asideName, logPlace } from './names.ts'
import { prune, type LogLimits } from './prune.ts'
import type { WriteLine } from './logger.ts'

export interface LogFile {
  write: WriteLine
  /** Hands everything to the system now. */
  flush(): void
  close(): void
}
const pendingAtMost = 1024 * 1024
const batchChars = 64 * 1024
const againMs = 1_000
const lookMs = 60_000
const dayMs = 86_400_000
/** Enough for the time of a file's first line. */
const firstBytes = 512
const timeOf = /"time":"([^"]+)"/

/**
 * The log of a data folder, `logs/steward.log`, for the one process that holds the folder's lock; others may append to it whole lines. Lines of one
 * stretch of work are written together, urgent ones at once, each batch in one write to a file opened for appending, so that lines of several
 * processes never run into each other. When the file is too long or a day old it is renamed, so nobody's line is lost, and old files are removed.
 * Never throws: what a full disk does not take is kept, at most 1 MiB of it, tried again each second, and what was lost is told afterwards.
 */
export function openLogFile(home: string, limits: () => LogLimits): LogFile {
  const { folder, current } = logPlace(home)
  let fd: number | undefined
  let size = 0
  let begunAt = 0
  let pending: string[] = []
  let pendingChars = 0
  /** What the system has not taken of a batch. */
  let rest: Buffer | undefined
  let lost = 0
  let failing = false
  let failure = ''
  let isDue = false
  let closed = false

  const open = (): number => {
    if (fd !== undefined) return fd
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const opened = openSync(current, 'a+', 0o600)
    size = fstatSync(opened).size
    begunAt = beginningOf(opened)
    return (fd = opened)
  }
  const shut = () => {
    if (fd !== undefined) closeSync(fd)
    fd = undefined
  }
  const turnOver = () => {
    const { bytes } = limits()
    if (size === 0 || (size < bytes && Date.now() - begunAt < dayMs)) return
    let at = Date.now()
    const target = () => path.join(folder, asideName('steward', new Date(at)))
    while (existsSync(target())) at++
    renameSync(current, target())
    shut()
    open()
    prune(folder, limits())
  }
  /** The file may have been grown by others, or taken away. */
  const look = () => {
    try {
      const mine = fstatSync(open())
      if (statSync(current, { throwIfNoEntry: false })?.ino !== mine.ino) {
        shut()
        open()
      }
      size = fstatSync(open()).size
      turnOver()
      prune(folder, limits())
    } catch (error) {
      fail(error)
    }
  }
  const fail = (error: unknown) => {
    failing = true
    failure = (error as NodeJS.ErrnoException).code ?? String(error)
  }
  const put = (bytes: Buffer): void => {
    rest = bytes
    while (rest.length > 0) {
      const written = writeSync(open(), rest)
      size += written
      rest = rest.subarray(written)
    }
    rest = undefined
  }
  const flush = () => {
    isDue = false
    try {
      if (rest) put(rest)
      if (pending.length > 0) {
        const batch = Buffer.from(pending.join(''))
        pending = []
        pendingChars = 0
        put(batch)
      }
      if (lost > 0) {
        const words = lossLine(lost, failure)
        lost = 0
        put(Buffer.from(words))
      }
      failing = false
      if (fd !== undefined) turnOver()
    } catch (error) {
      fail(error)
    }
  }
  const timer = setInterval(look, lookMs)
  timer.unref()
  const retry = setInterval(() => failing && flush(), againMs)
  retry.unref()
  process.on('exit', flush)
  look()
  return {
    write(line, urgent) {
      if (closed) return
      if (pendingChars + line.length + (rest?.length ?? 0) > pendingAtMost) {
        lost++
        return
      }
      pending.push(line)
      pendingChars += line.length
      // A disk that has just refused is left alone until the next try.
      if (failing) return
      if (urgent || pendingChars >= batchChars) flush()
      else if (!isDue) {
        isDue = true
        process.nextTick(() => isDue && flush())
      }
    },
    flush,
    close() {
      if (closed) return
      flush()
      closed = true
      clearInterval(timer)
      clearInterval(retry)
      process.off('exit', flush)
      shut()
    },
  }
}
function beginningOf(fd: number): number {
  const first = Buffer.alloc(firstBytes)
  const read = readSync(fd, first, 0, firstBytes, 0)
  const time = timeOf.exec(first.toString('utf8', 0, read))?.[1]
  return (time === undefined ? Number.NaN : Date.parse(time)) || Date.now()
}
const lossLine = (lost: number, failure: string): string =>
  `${JSON.stringify({
    level: 'warn',
    time: new Date().toISOString(),
    pid: process.pid,
    component: 'daemon',
    msg: `${lost} ${lost === 1 ? 'line of the log was' : 'lines of the log were'} lost: the file could not be written (${failure}).`,
  })}\n`
