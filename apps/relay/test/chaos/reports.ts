import { outage } from '../../src/platform/database.ts'

interface Told {
  readonly message: string
  readonly code?: string
  readonly cause?: Told
}
const unavailable = 503
/** What a node may say when Redis is away. */
const ofRedis = [/Redis cannot be reached/, /could not be counted in Redis/, /hints could not be written/, /Command timed out/]
const ofOutage = ({ message, code, cause }: Told): boolean =>
  outage(Object.assign(new Error(message), code === undefined ? {} : { code })) ||
  ofRedis.some((words) => words.test(message)) ||
  (cause !== undefined && ofOutage(cause))

/** The lines of a node's log that tell of something else than an outage. */
export function unexpected(lines: readonly string[]): string[] {
  return lines.filter((line) => {
    let report: { readonly level: string; readonly status?: number; readonly error?: Told }
    try {
      report = JSON.parse(line) as typeof report
    } catch {
      return true
    }
    // A request that was answered so has been told what to do.
    if (report.status === unavailable) return false
    return report.level !== 'error' || report.error === undefined || !ofOutage(report.error)
  })
}
