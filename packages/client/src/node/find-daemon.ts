import { randomUUID } from 'node:crypto'
import type { Contract } from '@steward/contract'
import { createFrameSender } from '../frame-sender.ts'
import type { Sender } from '../sender.ts'
import { answers } from './answers.ts'
import { readDaemonFile, readToken, type DaemonFile, type Home } from './home.ts'
import { ipcLines } from './ipc-line.ts'

/** Calls wait so long for a connection that was cut. Milliseconds. */
const patienceUnlessSaid = 15_000

/** A running daemon of this home: what it wrote down, and a way to it. */
export interface RunningDaemon {
  readonly file: DaemonFile
  readonly sender: Sender
}
export interface FindOptions {
  /** Of the contract it must be known which operations write; who has it in hand spares its loading. */
  readonly contract?: Contract | undefined
  /** Calls wait so long for a connection that was cut; 15,000 unless said. */
  readonly patienceMs?: number
}
/** Finds the daemon of this home by its socket; undefined when none answers. */
export async function findDaemon(home: Home, { contract, patienceMs = patienceUnlessSaid }: FindOptions = {}): Promise<RunningDaemon | undefined> {
  const file = readDaemonFile(home)
  const token = readToken(home)
  if (file === undefined || token === undefined || !(await answers(file.socket))) return undefined
  const open = ipcLines(() => ({ socket: file.socket, secret: token }), { instanceId: randomUUID(), features: ['bytes'] })
  const known = contract ?? (await import('@steward/contract/daemon')).operations
  return { file, sender: createFrameSender(open, { contract: known, pace: { patienceMs } }) }
}
