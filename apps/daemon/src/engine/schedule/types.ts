/** When something fires. Times are milliseconds since 1970. */
export type Schedule = Once | Interval | CronSchedule
export interface Once {
  readonly kind: 'once'
  readonly at: number
}
/** At `anchor`, and every `everyMs` after it. It counts elapsed time: a change to or from daylight saving moves nothing, and neither does a late fire. */
export interface Interval {
  readonly kind: 'interval'
  readonly everyMs: number
  readonly anchor: number
}
/** At the wall-clock times of `zone` (IANA) that a cron expression of five fields names. */
export interface CronSchedule {
  readonly kind: 'cron'
  readonly expression: string
  readonly zone: string
}
/** A stretch of every day, `HH:MM` of `zone`; over midnight where `to` is not after `from`. `to` itself is no longer in it. */
export interface QuietHours {
  readonly from: string
  readonly to: string
  readonly zone: string
}
/** What becomes of fires that nobody was there for: none of them, the newest one, or all of them up to a bound. */
export type MissedPolicy = 'skip' | 'one' | 'all'
/** What becomes of a fire while earlier ones are still at work: it is left out, waits for its turn, or runs beside at most so many. */
export type OverlapPolicy = 'skip' | 'queue' | { readonly parallel: number }
export interface RetryPolicy {
  /** Further tries after the first. */
  readonly max: number
  /** Before the first further try; doubles each time, up to a day. */
  readonly backoffMs: number
}
/** A schedule or quiet hours that cannot be. `path` is the place of the fault, `message` a sentence. */
export class ScheduleFault extends Error {
  override readonly name = 'ScheduleFault'
  readonly path: string
  constructor(path: string, message: string) {
    super(message)
    this.path = path
  }
}
