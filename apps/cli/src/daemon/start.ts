import { constants } from 'node:os'
import type { Answer } from '@steward/contract'
import type { Operations } from '@steward/contract/daemon'
import { exitCodes } from '../exit-codes.ts'
import { homeAt, type Home } from '../home.ts'
import type { Io } from '../io.ts'
import { withProgress } from '../output/progress.ts'
import { findDaemon, type RunningDaemon } from '../reach/daemon.ts'
import { openBrowser } from './browser.ts'
import { ensureDaemon } from './ensure.ts'
import { spawnDaemon, whenReady } from './launch.ts'
import { demandHttp, type DaemonOptions } from './options.ts'
import { endDaemon } from './stop.ts'
import { lastOptions } from './supervisor.ts'

export interface StartOptions extends DaemonOptions {
  readonly foreground?: boolean
  readonly open?: boolean
}
/**
 * Starts the daemon and says where it is, the address on a line of its own. `http` is for where nothing is said of it. Answers the exit code.
 * Throws Fault when it cannot start.
 */
export async function start(given: StartOptions, http: boolean, io: Io): Promise<number> {
  const options = { http, ...given }
  const home = homeAt(options.home)
  demandHttp(options.http, given)
  if (options.foreground === true) return stay(home, options, io)
  return begin({ http, ...(await takenOver(home, io)), ...given }, io)
}
/** Starts the daemon in the background, if none runs, and says where it is. Answers the exit code. Throws Fault. */
export async function begin(options: StartOptions, io: Io): Promise<number> {
  const daemon = await withProgress(io.stderr, 'Starting Steward', () => ensureDaemon(homeAt(options.home), options))
  try {
    io.stdout.write(
      daemon.started ? `Steward is running (process ${daemon.file.pid}).\n` : `Steward is running already (process ${daemon.file.pid}).\n`,
    )
    await announce(daemon, options, io)
    return exitCodes.ok
  } finally {
    await daemon.sender.close()
  }
}
/** A daemon whose supervisor has ended is stopped, to be started under a new one as it was before. Answers how that was; undefined where there is none such. */
async function takenOver(home: Home, io: Io): Promise<DaemonOptions | undefined> {
  const running = await findDaemon(home)
  if (!running) return undefined
  try {
    const { supervisor } = (await running.sender.call('system.status', {})) as Answer<Operations['system.status']>
    if (supervisor !== 'lost') return undefined
  } finally {
    await running.sender.close()
  }
  io.stderr.write(`The supervisor of process ${running.file.pid} has ended: Steward is started anew under another. Runs go on there.\n`)
  const before = lastOptions(home)
  await endDaemon(home, io)
  return before
}
/** Prints the address that opens the console, good for one login, or the socket where no HTTP is served. */
async function announce({ sender, file }: RunningDaemon, options: StartOptions, io: Io): Promise<void> {
  if (file.url === null) {
    io.stdout.write(`It serves no HTTP; its socket is\n${file.socket}\n`)
    if (options.http === true) io.stderr.write('To have it serve HTTP: steward restart --http\n')
    return
  }
  const login = (await sender.call('logins.create', {})) as { url: string | null }
  const address = fromHere(login.url ?? file.url)
  io.stdout.write(`${address}\n`)
  if (options.open !== false && io.stdout.isTTY === true) openBrowser(address)
}
/** An address that stands for every one of this machine is none that a browser can go to. */
const fromHere = (address: string) => address.replace(/^(https?:\/\/)(0\.0\.0\.0|\[::\])(?=[:/])/, '$1127.0.0.1')

/** Stays until the daemon ends, passing signals on, and ends as it ended. */
async function stay(home: Home, options: StartOptions, io: Io): Promise<number> {
  const running = await findDaemon(home)
  if (running) {
    io.stdout.write(`Steward is running already (process ${running.file.pid}).\n`)
    await announce(running, { ...options, open: false }, io).finally(() => running.sender.close())
    return exitCodes.conflict
  }
  const child = spawnDaemon(home, options)
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? (signal ? 128 + (constants.signals[signal] ?? 0) : exitCodes.failed)))
  })
  // At a terminal Ctrl-C goes to the daemon by itself.
  process.on('SIGINT', () => {
    if (io.stdin.isTTY !== true) child.kill('SIGINT')
  })
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  await whenReady(child, home)
  const daemon = await findDaemon(home)
  if (daemon) await announce(daemon, options, io).finally(() => daemon.sender.close())
  return ended
}
