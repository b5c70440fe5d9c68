import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import { operations } from '@steward/contract/daemon'
import { createClient, type Client } from '../client.ts'
import type { Line, OpenLine } from '../frame-link.ts'
import { createFrameSender } from '../frame-sender.ts'
import { homeAt, readDaemonFile, readToken, type Home } from './home.ts'
import { ipcLines, type IpcPlace } from './ipc-line.ts'
import { startDaemon } from './start-daemon.ts'

/** `lost`: the connection was cut, the daemon is looked for; `stopped`: somebody has stopped the daemon, it is not started behind their back. */
export type ConnectionState = 'starting' | 'connected' | 'lost' | 'stopped' | 'closed'
export interface ConnectOptions {
  /** The daemon's folder; `STEWARD_HOME`, else `~/.steward`, unless said. */
  readonly home?: string
  /** How the `steward` command is run: a program and its first arguments. The installed one unless said. */
  readonly command?: readonly string[] | undefined
  /** How long a call waits for a daemon, its start included; 30,000 unless said. */
  readonly limitMs?: number
  /** Hears how the connection stands. */
  onState?(state: ConnectionState): void
}
/** After a crash a supervisor may have begun a new daemon: it is looked for so long before one is started. Milliseconds. */
const graceMs = 2_000
const lookMs = 50

/**
 * A client of the daemon on this machine, for programs that live beside it. Starts the daemon where none runs; resolves when it answers. When the
 * daemon is killed, calls wait and streams go on, with the one that somebody else starts or with one that is started here. `close()` leaves the
 * daemon running. Throws Fault.
 */
export async function connectOrStart({ home: folder, command, limitMs = 30_000, onState }: ConnectOptions = {}): Promise<Client> {
  const home = homeAt(folder)
  let state: ConnectionState | undefined
  const enter = (next: ConnectionState) => {
    if (state === next || state === 'closed') return
    state = next
    onState?.(next)
  }
  const dial = ipcLines(() => placeOf(home), { instanceId: randomUUID(), features: ['bytes'] })
  let connectedBefore = false
  const open: OpenLine = async (receive, signal) => {
    const reached =
      (await tryOnce(() => dial(receive, signal))) ??
      (connectedBefore ? await afterLoss(home, () => dial(receive, signal), signal, enter) : undefined) ??
      (await begun(() => dial(receive, signal)))
    connectedBefore = true
    enter('connected')
    void reached.closed.then(() => enter('lost'))
    return reached
  }
  const begun = async (connect: () => Promise<Line>): Promise<Line> => {
    enter('starting')
    await startDaemon(home.path, command)
    return connect()
  }
  const sender = createFrameSender(open, { contract: operations, pace: { patienceMs: limitMs, mostMs: 500 } })
  const close = async () => {
    enter('closed')
    await sender.close()
  }
  try {
    await inTime(sender.call('tokens.whoami', {}), limitMs, home)
  } catch (error) {
    await close()
    throw error
  }
  return createClient({ ...sender, close })
}
/** Where the daemon says it is. Throws where none has said so. */
function placeOf(home: Home): IpcPlace {
  const file = readDaemonFile(home)
  const secret = readToken(home)
  if (file === undefined || secret === undefined) throw new Error(`No daemon has written down where it is in ${home.path}.`)
  return { socket: file.socket, secret }
}
/** Undefined when nobody answers; a daemon that refuses is a Fault. */
async function tryOnce(connect: () => Promise<Line>): Promise<Line | undefined> {
  try {
    return await connect()
  } catch (error) {
    if (error instanceof Fault) throw error
    return undefined
  }
}
/** Looks for a daemon that somebody else starts. A daemon that ended by itself leaves nothing behind: it was stopped, and is not started again here. */
async function afterLoss(
  home: Home,
  connect: () => Promise<Line>,
  signal: AbortSignal,
  enter: (state: ConnectionState) => void,
): Promise<Line | undefined> {
  const until = performance.now() + graceMs
  while (!signal.aborted) {
    const line = await tryOnce(connect)
    if (line) return line
    if (performance.now() >= until) break
    await delay(lookMs)
  }
  if (readDaemonFile(home) !== undefined && !signal.aborted) return undefined
  enter('stopped')
  throw new Fault('unavailable', 'Steward was stopped. Start it with: steward start')
}
async function inTime(work: Promise<unknown>, limitMs: number, home: Home): Promise<void> {
  const over = new AbortController()
  const late = async () => {
    await delay(limitMs, undefined, { signal: over.signal, ref: false })
    throw new Fault('unavailable', `Steward did not answer within ${limitMs / 1000} s; its log says more: ${home.log}`)
  }
  try {
    await Promise.race([work, late()])
  } finally {
    over.abort()
  }
}
