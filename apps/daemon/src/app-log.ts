import { fstatSync, statSync, writeSync } from 'node:fs'
import type { Settings, SettingKey } from '@steward/contract/daemon'
import { lazyRoom } from './lazy-room.ts'
import { createLoggers, type Loggers, type WriteLine } from './platform/log/logger.ts'
import { openLogFile, type LogFile } from './platform/log/log-file.ts'
import { logPlace } from './platform/log/names.ts'
import type { LogLimits } from './platform/log/prune.ts'
import { createRedactor } from './platform/redact.ts'
import type { DatabaseName, Store } from './platform/storage/store.ts'

const megabyte = 1_000_000
const limitsUnlessSet: LogLimits = { bytes: 10 * megabyte, days: 30, totalBytes: 100 * megabyte }
export interface LogParts {
  readonly home: string
  readonly words: () => readonly string[]
  readonly stores: Readonly<Record<DatabaseName, Store>>
  readonly logTo?: ((line: string) => void) | undefined
  setting<K extends SettingKey>(key: K): Settings[K]
  onChange(listener: (key: SettingKey) => void): void
}
/** A part of the composition root: the log of all components, the file it is written to, and the room that shows it. */
export function wireLog({ home, words, stores, logTo, setting, onChange }: LogParts) {
  const limits = (): LogLimits => ({
    bytes: setting('log.maxMegabytes') * megabyte,
    days: setting('log.days'),
    totalBytes: setting('log.totalMegabytes') * megabyte,
  })
  const file = logTo === undefined ? openLogFile(home, limits) : undefined
  const loggers = createLoggers(createRedactor(inJson(words)), file ? besideStandardError(home, file) : (line) => logTo?.(line))
  const setLevels = () => loggers.setLevels(setting('log.level'), setting('log.levels'))
  setLevels()
  onChange((key) => {
    if (key === 'log.level' || key === 'log.levels') setLevels()
  })
  tellOfWork(loggers, stores)
  const room = lazyRoom(['logs'], async () => {
    const { createLogsRoom } = await import('./domains/logs/room.ts')
    return createLogsRoom({ home, flush: () => file?.flush() })
  })
  const close = (lastWords: string) => {
    loggers.of('daemon').info(lastWords)
    file?.close()
  }
  /** A command in the background has ended, of a session or an execution. What it was is not told: its line may hold anything. */
  const commandEnded = (owner: string, { id, exitCode, startedAt }: { id: string; exitCode: number | null; startedAt: string }) =>
    loggers.of('child').info({ owner, id, exitCode, ms: Date.now() - Date.parse(startedAt) }, 'A command in the background has ended.')
  return { ...loggers, commandEnded, handlers: room.handlers, flush: () => file?.flush(), close }
}
const grave = /^\{"level":"(?:warn|error|fatal)"/
/** Takes the lines of a command that works without a daemon: those that tell of trouble go to the log, which is opened for the first of them. */
export function keepGraveLines(home: string): (line: string) => void {
  let file: LogFile | undefined
  return (line) => {
    if (grave.test(line)) (file ??= openLogFile(home, () => limitsUnlessSet)).write(line, true)
  }
}
/** Secrets as they stand in a line: one with quotes or line ends is written otherwise there. */
function inJson(words: () => readonly string[]): () => readonly string[] {
  let [known, forms]: [readonly string[] | undefined, readonly string[]] = [undefined, []]
  return () => {
    const now = words()
    if (now !== known) {
      known = now
      forms = [...new Set(now.flatMap((word) => [word, JSON.stringify(word).slice(1, -1)]))]
    }
    return forms
  }
}
/** Whether a descriptor of this process leads to the file. */
function leadsTo(fd: number, path: string): boolean {
  try {
    const [mine, there] = [fstatSync(fd), statSync(path, { throwIfNoEntry: false })]
    return there !== undefined && mine.dev === there.dev && mine.ino === there.ino
  } catch {
    return false
  }
}
/** Into the file and, where somebody looks at it (a terminal, a service manager), to standard error too. */
function besideStandardError(home: string, file: LogFile): WriteLine {
  const { current, crash } = logPlace(home)
  if ([current, crash, '/dev/null'].some((path) => leadsTo(2, path))) return file.write
  // Whoever looked may have gone: that is no trouble of the daemon's.
  process.stderr.on('error', () => undefined)
  return (line, urgent) => {
    file.write(line, urgent)
    process.stderr.write(line)
  }
}
/** Begins the life of a process in the file of crashes, where its standard error leads there: what follows is told apart from what was said before. */
export function markCrashLog(home: string): void {
  const { crash } = logPlace(home)
  if (!leadsTo(2, crash)) return
  const line = { level: 'info', time: new Date().toISOString(), pid: process.pid, component: 'daemon', msg: 'The process has begun.' }
  writeSync(2, `${JSON.stringify(line)}\n`)
}
const ended = new Set(['completed', 'failed', 'cancelled', 'interrupted'])
/** A line for each run and execution that has ended, and for each fire. */
function tellOfWork(loggers: Loggers, { chat, agents }: LogParts['stores']): void {
  const [runner, executor, scheduler] = [loggers.of('runner'), loggers.of('executor'), loggers.of('scheduler')]
  const dataOf = (json: string) => (JSON.parse(json) as { data: Record<string, unknown> }).data
  chat.log.listen((fresh) => {
    for (const { name, json, runId, sessionId } of fresh) {
      if (name !== 'status' || !runner.isLevelEnabled('info')) continue
      const { status, stop } = dataOf(json)
      if (typeof status === 'string' && ended.has(status)) runner.info({ runId, sessionId, status, stop }, `A run has ended: ${status}.`)
    }
  })
  agents.log.listen((fresh) => {
    for (const { name, json } of fresh) {
      if (name === 'execution.completed' || name === 'execution.failed') {
        const { executionId, status = 'completed' } = dataOf(json)
        executor.info({ executionId, status }, `An execution has ended: ${String(status)}.`)
      } else if (name === 'task.started') {
        const { taskId, fireId, cause } = dataOf(json)
        scheduler.info({ taskId, fireId, cause }, 'A task has been started.')
      }
    }
  })
}
