import type { Sender } from '../sender.ts'
import { answers } from './answers.ts'
import { readDaemonFile, readToken, type DaemonFile, type Home } from './home.ts'
import { createIpcSender } from './ipc-sender.ts'

/** Milliseconds that calls wait for a connection that was cut. */
const patienceMs = 15_000

/** A running daemon of this home: what it wrote down, and a way to it. */
export interface RunningDaemon {
  readonly file: DaemonFile
  readonly sender: Sender
}
/** Finds the daemon of this home by its socket; undefined when none answers. */
export async function findDaemon(home: Home): Promise<RunningDaemon | undefined> {
  const file = readDaemonFile(home)
  const token = readToken(home)
  if (file === undefined || token === undefined || !(await answers(file.socket))) return undefined
  return { file, sender: createIpcSender({ socket: file.socket, token, pace: { patienceMs } }) }
}
