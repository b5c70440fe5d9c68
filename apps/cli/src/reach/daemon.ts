import type { Sender } from '@steward/client'
import { readDaemonFile, readToken, type DaemonFile, type Home } from '../home.ts'
import { answers } from './answers.ts'

/** A running daemon of this home: what it wrote down, and a way to it. */
export interface RunningDaemon {
  readonly file: DaemonFile
  readonly sender: Sender
}
/** Finds the daemon of this home by its socket; undefined when none answers. Its calls wait up to `patienceMs` for a connection that was cut. */
export async function findDaemon(home: Home, patienceMs = 15_000): Promise<RunningDaemon | undefined> {
  const file = readDaemonFile(home)
  const token = readToken(home)
  if (file === undefined || token === undefined || !(await answers(file.socket))) return undefined
  const { createIpcSender } = await import('@steward/client/node')
  return { file, sender: createIpcSender({ socket: file.socket, token, pace: { patienceMs } }) }
}
