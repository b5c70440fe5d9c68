import type { Command } from 'commander'
import type { Io } from '../io.ts'
import type { InstallOptions } from './install.ts'
import { addDaemonOptions, withHome } from './options.ts'
import type { StartOptions } from './start.ts'

/** What a group of commands takes for granted. */
interface Manner {
  /** Whether HTTP is served where nothing is said of it. */
  readonly http: boolean
  readonly about: string
  readonly done: (exitCode: number) => void
  readonly io: Io
}
/** `steward start` is Steward with its console; `steward daemon start` the daemon alone, which listens nowhere but on its socket unless told. Answers the group `daemon`. */
export function addLifecycle(program: Command, io: Io, done: (exitCode: number) => void): Command {
  const start = addCommon(program, { http: true, about: 'serving HTTP', done, io })
  start.option('--no-open', 'do not open the console in a browser')
  const daemon = program.command('daemon').description('the daemon: start, stop, restart, status, logs, install, uninstall')
  addCommon(daemon, { http: false, about: 'with no HTTP unless told', done, io })
  addDaemonOptions(daemon.command('install').description('have the system start Steward at login and keep it running'))
    .option('--print', 'show what would be written, and write nothing')
    .action(async (options: InstallOptions) => done(await (await import('./install.ts')).install({ http: true, ...options }, io)))
  daemon
    .command('uninstall')
    .description('take back what install has done')
    .action(async () => done(await (await import('./install.ts')).uninstall(io)))
  return daemon
}
/** The commands that both groups have; answers `start`. */
function addCommon(parent: Command, { http, about, done, io }: Manner): Command {
  const start = addDaemonOptions(parent.command('start').description(`start the daemon in the background, ${about}; returns when it is ready`))
    .option('--foreground', 'stay, and end with the daemon')
    .action(async (options: StartOptions) => done(await (await import('./start.ts')).start({ open: http, ...options }, http, io)))
  withHome(parent.command('stop').description('stop the daemon; runs are taken up at the next start')).action(async (options: { home?: string }) =>
    done(await (await import('./stop.ts')).stop(options, io)),
  )
  addDaemonOptions(parent.command('restart').description('stop the daemon and start it as it was, but for what is said anew')).action(
    async (options: StartOptions) => done(await (await import('./restart.ts')).restart({ open: false, ...options }, http, io)),
  )
  withHome(parent.command('status').description('say whether the daemon runs and how it does (exit code 3: it does not)'))
    .option('--json', 'answer as JSON on one line')
    .action(async (options: { home?: string; json?: boolean }) => done(await (await import('./status.ts')).status(options, io)))
  return start
}
