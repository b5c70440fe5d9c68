import { InvalidArgumentError, Option, type Command } from 'commander'
import type { LogLevel } from '@steward/contract/daemon'

export interface LogsOptions {
  readonly home?: string
  readonly follow?: boolean
  /** ISO 8601 UTC. */
  readonly since?: string
  readonly component?: readonly string[]
  readonly level?: LogLevel
  readonly json?: boolean
  readonly lines?: number
}
const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A stretch of time up to now (`90s`, `10m`, `2h`, `1d`), or a time, as ISO 8601 UTC. Throws where it is neither. */
function sinceOf(text: string, now = Date.now()): string {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  const at = count === undefined || unit === undefined ? Date.parse(text) : now - Number(count) * (units[unit] ?? 0)
  if (Number.isNaN(at) || Math.abs(at) > 8.64e15)
    throw new InvalidArgumentError('Say how long ago, such as 10m, 2h or 1d, or a time, such as 2026-05-01T07:00:00Z.')
  return new Date(at).toISOString()
}
function linesOf(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}
const namesOf = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  ...text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
]

/** The flags of `steward logs`, of `steward daemon logs` alike. */
export function addLogsOptions(command: Command, levels: readonly string[]): Command {
  return command
    .option('-f, --follow', 'go on with what is written from now on, until Ctrl-C')
    .option('--since <time>', 'from a time on, or so long ago: 2026-05-01T07:00:00Z, 90s, 10m, 2h, 1d', (text) => sinceOf(text))
    .option(
      '--component <names>',
      'only these, parted by commas: daemon, http, ipc, mcp, runner, executor, scheduler, apps, child, supervisor, crash, …',
      namesOf,
    )
    .addOption(new Option('--level <level>', 'this level and above').choices(levels))
    .option('-n, --lines <number>', 'most lines of what was written before (50, or with --since all)', linesOf)
    .option('--json', 'each line as JSON')
}
