import { statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import type { DatabaseName, Store } from './platform/storage/store.ts'

const leastFreeBytes = 16 * 1024 * 1024
const hourMs = 3_600_000
const lateMs = 10_000
/** A file system that does not say so soon what is free is not well. */
const diskMs = 1_000
export interface MaintenanceOptions {
  readonly stores: Readonly<Record<DatabaseName, Store>>
  /** Days that events are kept; 0 for ever. */
  days(): number
  readonly work: {
    /** Forgets what the rooms keep only for a time. */
    prune(): void
    /** When the clock of tasks should next do something, ISO 8601; null where nothing is due. */
    nextDue(): string | null
  }
  report(error: unknown): void
}
/** Forgets by batches of at most `most` rows until there is nothing left, letting others in between. `forget` answers how many went. */
export async function forgetAll(forget: (most: number) => number, most: number): Promise<void> {
  while (forget(most) === most) await turn()
}
/** What the databases need now and then, and how they do. */
export function createMaintenance({ stores, days, work, report }: MaintenanceOptions) {
  const all = Object.values(stores)
  let timer: NodeJS.Timeout | undefined
  let last = 0
  /** The oldest place that a reader still has to come to. */
  const keepFrom = (log: DatabaseName): number => {
    let from = Number.MAX_SAFE_INTEGER
    for (const store of all) from = Math.min(from, (store.readUpTo(log) ?? from) + 1)
    return from
  }
  const prune = () => {
    if (Date.now() - last < hourMs) return
    last = Date.now()
    work.prune()
    if (days() === 0) return
    const before = new Date(Date.now() - days() * 24 * hourMs).toISOString()
    for (const { name, log } of all) log.prune(before, keepFrom(name))
  }
  // Counted by a clock that rests while the machine sleeps: what was slept through is fired a moment after it wakes.
  let overdueSince: number | undefined
  const punctual = (): true | string => {
    const due = work.nextDue()
    if (due === null || Date.parse(due) > Date.now()) overdueSince = undefined
    else overdueSince ??= performance.now()
    if (overdueSince === undefined || performance.now() - overdueSince <= lateMs) return true
    return `What was due at ${due} has not been fired.`
  }
  const round = () => {
    try {
      for (const store of all) store.checkpoint()
      prune()
      punctual()
    } catch (error) {
      report(error)
    }
  }
  return {
    start() {
      timer = setInterval(round, 5_000)
      timer.unref()
    },
    close: () => clearInterval(timer),
    databases: () =>
      all.map((store) => {
        const message = store.trouble()
        return { name: store.name, bytes: statSync(store.path).size + store.walBytes(), healthy: message === null, message }
      }),
    /** Whether it can do its work, and where not, what is wrong in a sentence. */
    async ready() {
      const broken = all.filter((store) => store.trouble() !== null).map(({ name }) => name)
      const checks = {
        database: broken.length === 0 ? true : `${broken.join(', ')} cannot be read or written`,
        scheduler: broken.includes('agents') ? 'The tasks cannot be read.' : punctual(),
        disk: await hasRoom(path.dirname(stores.chat.path)),
      }
      return { ok: Object.values(checks).every((check) => check === true), checks }
    },
  }
}
async function hasRoom(folder: string): Promise<true | string> {
  const late = sleep(diskMs, undefined, { ref: false }).then(() => undefined)
  const facts = await Promise.race([statfs(folder), late]).catch(() => undefined)
  if (facts === undefined) return 'The disk does not say how much is free.'
  return facts.bavail * facts.bsize > leastFreeBytes ? true : 'The disk is nearly full.'
}
