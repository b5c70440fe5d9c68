interface Report {
  readonly what: string
  readonly isOutage: boolean
  readonly error: string
}
/** What a node may say when Redis is away; what it says of PostgreSQL it marks itself. */
const ofRedis = [/Redis cannot be reached/, /could not be counted in Redis/, /hints could not be written/, /Command timed out/]

/** The lines of a node that tell of something else than an outage. */
export function unexpected(lines: readonly string[]): string[] {
  return lines.filter((line) => {
    let report: Report
    try {
      report = JSON.parse(line) as Report
    } catch {
      return true
    }
    return !report.isOutage && !ofRedis.some((words) => words.test(report.error))
  })
}
