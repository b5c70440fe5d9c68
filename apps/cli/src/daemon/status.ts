import type { Answer } from '@steward/contract'
import type { Operations } from '@steward/contract/daemon'
import { exitCodes } from '../exit-codes.ts'
import { homeAt, type Home } from '../home.ts'
import type { Io } from '../io.ts'
import { record } from '../output/table.ts'
import { bytes, duration } from '../output/values.ts'
import { findDaemon } from '../reach/daemon.ts'
import { liveSupervisor, readSupervisor, type SupervisorFile } from './supervisor.ts'

type Status = Answer<Operations['system.status']>

/** Says whether a daemon runs and how it does, and what its supervisor has seen. Exit code 3 when none runs. */
export async function status(options: { readonly home?: string; readonly json?: boolean }, io: Io): Promise<number> {
  const home = homeAt(options.home)
  const asJson = options.json === true || io.stdout.isTTY !== true
  const daemon = await findDaemon(home)
  if (!daemon) return notRunning(home, asJson, io)
  try {
    const { supervisor: kind, ...facts } = (await daemon.sender.call('system.status', {})) as Status
    const supervised = kind === 'present'
    const seen = supervised ? readSupervisor(home) : undefined
    io.stdout.write(
      asJson ? `${JSON.stringify({ running: true, supervised, supervisor: told(seen), ...facts })}\n` : `${inWords(facts, kind, seen)}\n`,
    )
    return exitCodes.ok
  } finally {
    await daemon.sender.close()
  }
}
const told = (seen: SupervisorFile | undefined) => {
  if (seen === undefined) return null
  const { pid, state, restarts, crashes, lastCrash, why } = seen
  return { pid, state, restarts, crashes, lastCrash, why }
}
async function notRunning(home: Home, asJson: boolean, io: Io): Promise<number> {
  const seen = readSupervisor(home)
  const alive = (await liveSupervisor(home)) !== undefined
  if (asJson) io.stdout.write(`${JSON.stringify({ running: false, home: home.path, supervised: alive, supervisor: told(seen) })}\n`)
  else if (alive) io.stdout.write(`Steward is being started again: the daemon ${seen?.lastCrash?.why ?? 'has ended'}.\n`)
  else io.stdout.write(`Steward is not running.${seen?.why ? ` ${seen.why}` : ' Start it with: steward start'}\n`)
  return exitCodes.noDaemon
}
const kinds: Readonly<Record<Status['supervisor'], string>> = {
  present: 'at work',
  lost: 'it has ended; put Steward under a new one with: steward start',
  none: 'none',
}
function inWords(facts: Omit<Status, 'supervisor'>, kind: Status['supervisor'], seen: SupervisorFile | undefined): string {
  const { runs, databases, sandbox } = facts
  const ill = databases.filter(({ healthy }) => !healthy).map(({ name, message }) => `${name}: ${message ?? 'not healthy'}`)
  return `Steward is running.\n${record({
    address: facts.url ?? 'no HTTP',
    socket: facts.socket ?? '–',
    process: facts.pid,
    version: facts.version,
    up: duration(facts.uptimeMs),
    supervisor: `${kinds[kind]}${seen?.lastCrash ? `; ${seen.restarts} restarts, the last time the daemon ${seen.lastCrash.why}` : ''}`,
    runs: `${runs.running} running, ${runs.waiting} waiting, ${runs.queued} queued`,
    sandbox: sandbox === 'none' ? 'none: commands run unconfined' : sandbox,
    databases: ill.length === 0 ? `all well, ${bytes(databases.reduce((sum, one) => sum + one.bytes, 0))}` : ill.join('; '),
    memory: bytes(facts.memoryBytes),
    home: facts.home,
  })}`
}
