import { constants } from 'node:os'
import { spawn } from 'node:child_process'
import { exitCodes } from '../exit-codes.ts'
import { homeAt, type Home } from '../home.ts'
import type { Io } from '../io.ts'
import { withProgress } from '../output/progress.ts'
import { findDaemon, type RunningDaemon } from '../reach/daemon.ts'
import { ensureDaemon } from './ensure.ts'
import { spawnDaemon, whenReady } from './launch.ts'
import type { DaemonOptions } from './options.ts'

export interface StartOptions extends DaemonOptions {
  readonly foreground?: boolean
  readonly open?: boolean
}
/** Starts the daemon and says where it is, the address on a line of its own. Answers the exit code. Throws Fault when it cannot start. */
export async function start(options: StartOptions, io: Io): Promise<number> {
  const home = homeAt(options.home)
  if (options.foreground === true) return stay(home, options, io)
  const daemon = await withProgress(io.stderr, 'Starting Steward', () => ensureDaemon(home, options))
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
/** Prints the address that opens the console, good for one login, or the socket where no HTTP is served. */
async function announce({ sender, file }: RunningDaemon, options: StartOptions, io: Io): Promise<void> {
  if (file.url === null) return void io.stdout.write(`It serves no HTTP; its socket is\n${file.socket}\n`)
  const login = (await sender.call('logins.create', {})) as { url: string | null }
  const address = login.url ?? file.url
  io.stdout.write(`${address}\n`)
  if (options.open !== false && io.stdout.isTTY === true) openBrowser(address)
}
/** Best effort: a machine without a browser is no fault, the address is printed. */
function openBrowser(address: string): void {
  const [command, ...words] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '""', address.replaceAll('&', '^&')]
        : ['xdg-open', address]
  const child = spawn(command ?? 'xdg-open', words, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
/** Stays until the daemon ends, passing signals on, and ends as it ended. */
async function stay(home: Home, options: StartOptions, io: Io): Promise<number> {
  const running = await findDaemon(home)
  if (running) {
    io.stdout.write(`Steward is running already (process ${running.file.pid}).\n`)
    await announce(running, { ...options, open: false }, io).finally(() => running.sender.close())
    return exitCodes.conflict
  }
  const child = spawnDaemon(home, options, true)
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
