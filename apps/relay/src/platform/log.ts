import { pino, type DestinationStream, type Logger } from 'pino'
import type { LogLevel } from '../config.ts'

export type Log = Logger
/** What must never be read in a log, wherever it comes from: credentials in URLs, tokens, Authorization headers. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/(\w:\/\/)[^\s/@]+@/g, '$1…@'],
  [/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]+/g, '…'],
  [/\b(Bearer|Basic)\s+\S+/gi, '$1 …'],
  [/([?&](?:token|key|secret|signature)=)[^&\s]+/gi, '$1…'],
]
const scrub = (text: string): string => secrets.reduce((kept, [pattern, by]) => kept.replace(pattern, by), text)

/** The log: JSON lines with level, time (ISO 8601 UTC), process and node. To standard error unless said otherwise; a line is written before the call answers. */
export function createLog(level: LogLevel, to?: DestinationStream): Log {
  const options = {
    level,
    base: { pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return pino(options, to ?? pino.destination({ fd: 2, sync: true }))
}
/** What of an error may stand in the log: kind, code, message and stack, without credentials, and the same of its causes. Its details and what else hangs on it do not. */
export function told(error: unknown, depth = 0): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: scrub(String(error)) }
  const { name, message, stack, cause } = error
  const { code } = error as { code?: unknown }
  return {
    type: name,
    message: scrub(message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(stack === undefined ? {} : { stack: scrub(stack) }),
    ...(cause === undefined || depth > 3 ? {} : { cause: told(cause, depth + 1) }),
  }
}
