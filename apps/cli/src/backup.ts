import path from 'node:path'
import { Fault } from '@steward/contract'
import { exitCodes } from './exit-codes.ts'
import { homeAt } from './home.ts'
import type { Io } from './io.ts'
import { writeAnswer } from './output/answer.ts'
import { withProgress } from './output/progress.ts'
import { findDaemon } from './reach/daemon.ts'
import { reach } from './reach/reach.ts'
import { createAsker } from './talk/asker.ts'

export interface BackupOptions {
  readonly home?: string
  readonly json?: boolean
  readonly yes?: boolean
}
/** Writes a copy of all data, at a path or in the backups folder. */
export async function createBackup(to: string | undefined, { home, json }: BackupOptions, io: Io): Promise<number> {
  const way = await reach({ home: homeAt(home) })
  try {
    const input = to === undefined ? {} : { path: path.resolve(to) }
    writeAnswer(io.stdout, await withProgress(io.stderr, 'Writing the copy', () => way.call('backups.create', input)), json === true)
    return exitCodes.ok
  } finally {
    await way.close()
  }
}
/** Checks a copy. Exit code 1 when it is not whole. */
export async function verifyBackup(from: string, { home, json }: BackupOptions, io: Io): Promise<number> {
  const way = await reach({ home: homeAt(home) })
  try {
    const found = (await withProgress(io.stderr, 'Checking the copy', () => way.call('backups.verify', { path: path.resolve(from) }))) as {
      intact: boolean
    }
    writeAnswer(io.stdout, found, json === true)
    return found.intact ? exitCodes.ok : exitCodes.failed
  } finally {
    await way.close()
  }
}
/** Puts a copy in place of all data. Only while no daemon runs; at a terminal it asks first. Throws Fault. */
export async function restoreFrom(from: string, { home: given, json, yes }: BackupOptions, io: Io): Promise<number> {
  const home = homeAt(given)
  const daemon = await findDaemon(home)
  if (daemon) {
    await daemon.sender.close()
    throw new Fault('conflict', `Steward is running (process ${daemon.file.pid}): stop it first with: steward stop`)
  }
  if (io.canAsk && yes !== true && !(await agrees(home.path, from, io))) {
    io.stderr.write('Nothing was changed.\n')
    return exitCodes.cancelled
  }
  const { restoreBackup } = await import('@steward/daemon')
  const restored: unknown = await withProgress(io.stderr, 'Restoring', async () => restoreBackup({ home: home.path, path: path.resolve(from) }))
  writeAnswer(io.stdout, restored ?? { restored: true, home: home.path, from: path.resolve(from) }, json === true)
  return exitCodes.ok
}
async function agrees(home: string, from: string, io: Io): Promise<boolean> {
  const asker = createAsker(io, () => undefined)
  try {
    const line = await asker.ask(`All data in ${home} will be replaced by the copy ${from}. Go on? [y/N] `, { fresh: true })
    return /^y(es)?$/i.test(line?.trim() ?? '')
  } finally {
    asker.close()
  }
}
