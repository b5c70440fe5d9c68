import { statfsSync, statSync } from 'node:fs'
import path from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { DatabaseName, Store } from './platform/storage/store.ts'

const leastFreeBytes = 16 * 1024 * 1024
const hourMs = 3_600_000
export interface MaintenanceOptions {
  readonly stores: Readonly<Record<DatabaseName, Store>>
  /** Days that events are kept; 0 for ever. */
  days(): number
  /** Forgets what the rooms keep only for a time. */
  prune(): void
  report(error: unknown): void
}
/** Forgets by batches of at most `most` rows until there is nothing left, letting others in between. `forget` answers how many went. */
export async function forgetAll(forget: (most: number) => number, most: number): Promise<void> {
  while (forget(most) === most) await turn()
}
/** What the databases need now and then, and how they do. */
export function createMaintenance({ stores, days, prune: pruneRooms, report }: MaintenanceOptions) {
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
    pruneRooms()
    if (days() === 0) return
    const before = new Date(Date.now() - days() * 24 * hourMs).toISOString()
    for (const { name, log } of all) log.prune(before, keepFrom(name))
  }
  const round = () => {
    try {
      for (const store of all) store.checkpoint()
      prune()
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
    async ready() {
      const broken = all.filter((store) => store.trouble() !== null)
      const { bavail, bsize } = statfsSync(path.dirname(stores.chat.path))
      const disk = bavail * bsize > leastFreeBytes
      return {
        ok: broken.length === 0 && disk,
        checks: {
          database: broken.length === 0 ? true : `${broken.map(({ name }) => name).join(', ')} cannot be read or written`,
          disk: disk ? true : 'The disk is nearly full.',
        },
      }
    },
  }
}
