import { once } from 'node:events'
import type { LogLine } from '@steward/contract/daemon'
import { followLog, newestFirst, oldestFirst, openSources, passes, placesAfter, type Places, type Sources } from '@steward/daemon/log-files'
import { exitCodes } from '../exit-codes.ts'
import { homeAt } from '../home.ts'
import type { Io } from '../io.ts'
import { styleFor } from '../output/style.ts'
import type { LogsOptions } from './options.ts'
import { lineInWords } from './show.ts'

const linesUnlessSaid = 50
/** Lines of several processes may stand so much out of the order of their times. */
const slackMs = 5_000

/**
 * Shows the log of this machine's data folder from its files, whether a daemon runs or not: what was written, then, where that is asked for, what
 * is being written until Ctrl-C. Answers the exit code.
 */
export async function logs(options: LogsOptions, io: Io): Promise<number> {
  const home = homeAt(options.home)
  const style = styleFor(io.stdout)
  const filter = { components: options.component, level: options.level, since: options.since }
  const show = async (line: LogLine): Promise<void> => {
    if (!passes(line, filter)) return
    const text = options.json === true ? `${JSON.stringify(line)}\n` : lineInWords(line, style)
    if (!io.stdout.write(text)) await once(io.stdout, 'drain')
  }
  const places = await showWritten(home.path, { ...options, wanted: (line) => passes(line, filter) }, show)
  if (places === undefined && options.follow !== true) {
    io.stderr.write(`There is no log in ${home.path} yet.\n`)
    return exitCodes.ok
  }
  if (options.follow === true) await follow(home.path, places ?? new Map(), show)
  return exitCodes.ok
}
interface Written extends LogsOptions {
  wanted(line: LogLine): boolean
}
/** Shows what stands in the files. Answers where they ended, or undefined where there are none. */
async function showWritten(home: string, options: Written, show: (line: LogLine) => Promise<void>): Promise<Places | undefined> {
  await using sources = await openSources(home)
  if (options.since !== undefined && options.lines === undefined)
    for await (const { line } of oldestFirst(sources.files, Date.parse(options.since))) await show(line)
  else for (const line of await last(sources, options)) await show(line)
  return sources.files.length === 0 ? undefined : placesAfter(sources.files)
}
/** The last lines, oldest first. */
async function last({ files }: Sources, { since, lines = linesUnlessSaid, wanted }: Written): Promise<LogLine[]> {
  const found: LogLine[] = []
  if (lines === 0) return found
  const from = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since) - slackMs
  for await (const { line, order } of newestFirst(files)) {
    if (order < from) break
    if (wanted(line)) found.push(line)
    if (found.length === lines) break
  }
  return found.toReversed()
}
async function follow(home: string, places: Places, show: (line: LogLine) => Promise<void>): Promise<void> {
  const ending = new AbortController()
  const end = () => ending.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end)
  try {
    for await (const lines of followLog(home, places, ending.signal)) for (const line of lines) await show(line)
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end)
  }
}
