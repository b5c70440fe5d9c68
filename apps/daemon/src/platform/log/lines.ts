import { logLevels, type LogLevel, type LogLine } from '@steward/contract/daemon'

export interface LogFilter {
  readonly components?: readonly string[] | undefined
  /** This level and above. */
  readonly level?: LogLevel | undefined
  /** What the message or the details hold, in capitals or not. */
  readonly text?: string | undefined
  /** ISO 8601 UTC, included. */
  readonly since?: string | undefined
  readonly until?: string | undefined
}
const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/
const isLevel = (value: unknown): value is LogLevel => (logLevels as readonly unknown[]).includes(value)

/** A line that a logger wrote, or undefined for anything else. */
export function parseLine(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined
  let read: Record<string, unknown>
  try {
    read = JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
  const { level, time, pid, component, msg, ...details } = read
  if (typeof time !== 'string' || !isTime.test(time)) return undefined
  return {
    time,
    level: isLevel(level) ? level : 'info',
    component: typeof component === 'string' ? component : 'daemon',
    pid: typeof pid === 'number' && Number.isInteger(pid) ? pid : null,
    message: typeof msg === 'string' ? msg : '',
    details: details as LogLine['details'],
    raw: false,
  }
}
/** Words that no logger wrote, such as what V8 says of an exhausted heap. */
export const rawLine = (text: string, time: string): LogLine => ({
  time,
  level: 'error',
  component: 'crash',
  pid: null,
  message: text,
  details: {},
  raw: true,
})
const holds = ({ message, details }: LogLine, text: string) =>
  message.toLowerCase().includes(text) || JSON.stringify(details).toLowerCase().includes(text)
/** Whether a line is among those that are asked for. */
export function passes(line: LogLine, { components, level, text, since, until }: LogFilter): boolean {
  if (components !== undefined && components.length > 0 && !components.includes(line.component)) return false
  if (level !== undefined && logLevels.indexOf(line.level) < logLevels.indexOf(level)) return false
  if (text !== undefined && !holds(line, text.toLowerCase())) return false
  return (since === undefined || Date.parse(line.time) >= Date.parse(since)) && (until === undefined || Date.parse(line.time) <= Date.parse(until))
}
