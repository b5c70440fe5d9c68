import type { Random } from '@steward/testkit'
import { cpSync, fstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Sync } from '@steward/kernel/barrier'

interface Disk {
  readonly db: Buffer
  readonly wal: Buffer
}
const headerBytes = 32
/** The salts in the header of a WAL (https://sqlite.org/fileformat2.html#walformat): they change when it is begun anew after a checkpoint. */
const generation = (wal: Buffer) => wal.subarray(16, 24).toString('hex')

/**
 * A disk that can lose its power. It stands in for `fdatasync`: what a WAL holds when a sync begins counts as kept once that sync is over, and
 * whatever was written later is lost, or is there in part.
 *
 * What a cut leaves of one database. SQLite checkpoints by syncing the WAL, copying pages into the file, syncing that, and only then begins the
 * WAL anew, with a synced header. So within one generation the pages that a checkpoint has copied may be lost or kept, as the WAL still holds
 * them: file and WAL as they were when the sync began. Once the WAL has begun anew, the file is kept whole, and of the WAL its header: unless
 * a sync of ours has been made in the new generation.
 */
export function createPowerCut(home: string, files: readonly string[], random: Random, slowestMs = 15) {
  const kept = new Map<string, Disk>()
  let syncs = 0
  let begunAnew = 0
  const nameOf = (fd: number): string => {
    const { ino } = fstatSync(fd)
    const name = files.find((file) => statSync(path.join(home, `${file}-wal`), { throwIfNoEntry: false })?.ino === ino)
    if (name === undefined) throw new TypeError('A file was synced that is no WAL of this folder.')
    return name
  }
  // The file first: a checkpoint copies into it only what the WAL holds already.
  const diskNow = (name: string): Disk => ({ db: readFileSync(path.join(home, name)), wal: readFileSync(path.join(home, `${name}-wal`)) })
  const sync: Sync = async (fd) => {
    const name = nameOf(fd)
    const then = diskNow(name)
    await delay(random.int(0, slowestMs))
    const before = kept.get(name)
    if (before && generation(before.wal) !== generation(then.wal)) begunAnew++
    kept.set(name, then)
    syncs++
  }
  const survivor = (name: string): Disk => {
    const then = kept.get(name)
    const now = diskNow(name)
    if (!then) throw new TypeError(`${name} was never synced.`)
    if (generation(then.wal) !== generation(now.wal)) return { db: now.db, wal: now.wal.subarray(0, headerBytes) }
    const tail = Buffer.from(now.wal.subarray(then.wal.length, then.wal.length + random.int(0, Math.max(1, now.wal.length - then.wal.length + 1))))
    if (tail.length > 0 && random.chance(0.5)) tail.fill(0, random.int(0, tail.length))
    return { db: then.db, wal: Buffer.concat([then.wal, tail]) }
  }
  return {
    sync,
    syncs: () => syncs,
    /** How often a WAL was begun anew after a checkpoint. */
    begunAnew: () => begunAnew,
    /** Cuts the power now: makes the data folder that is found afterwards. The one in use goes on. */
    cut(to: string): void {
      mkdirSync(to, { recursive: true, mode: 0o700 })
      const isDatabase = (file: string) => files.some((name) => path.basename(file).startsWith(name))
      cpSync(home, to, { recursive: true, filter: (file) => !isDatabase(file) && path.basename(file) !== 'run' })
      for (const name of files) {
        const { db, wal } = survivor(name)
        writeFileSync(path.join(to, name), db)
        writeFileSync(path.join(to, `${name}-wal`), wal)
      }
    },
  }
}
