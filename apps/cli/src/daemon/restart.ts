import { homeAt, readDaemonFile } from '../home.ts'
import type { Io } from '../io.ts'
import { demandHttp } from './options.ts'
import { begin, type StartOptions } from './start.ts'
import { endDaemon } from './stop.ts'
import { lastOptions } from './supervisor.ts'

/** Stops the daemon and starts it as it was started before, but for what is said anew; where none runs it is started with `http` or without. Answers the exit code. Throws Fault. */
export async function restart(given: StartOptions, http: boolean, io: Io): Promise<number> {
  const home = homeAt(given.home)
  const options = { http, ...(readDaemonFile(home) === undefined ? {} : lastOptions(home)), ...given }
  demandHttp(options.http, given)
  if (!(await endDaemon(home, io))) io.stderr.write('Steward is not running: starting it.\n')
  return begin(options, io)
}
