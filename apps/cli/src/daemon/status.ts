import type { Answer } from '@steward/contract'
import type { Operations } from '@steward/contract/daemon'
import { exitCodes } from '../exit-codes.ts'
import { homeAt } from '../home.ts'
import type { Io } from '../io.ts'
import { record } from '../output/table.ts'
import { bytes, duration } from '../output/values.ts'
import { findDaemon } from '../reach/daemon.ts'

type Status = Answer<Operations['system.status']>

/** Says whether a daemon runs and how it does. Exit code 3 when none runs. */
export async function status(options: { readonly home?: string; readonly json?: boolean }, io: Io): Promise<number> {
  const home = homeAt(options.home)
  const asJson = options.json === true || io.stdout.isTTY !== true
  const daemon = await findDaemon(home)
  if (!daemon) {
    io.stdout.write(asJson ? `${JSON.stringify({ running: false, home: home.path })}\n` : 'Steward is not running. Start it with: steward start\n')
    return exitCodes.noDaemon
  }
  try {
    const facts = (await daemon.sender.call('system.status', {})) as Status
    io.stdout.write(asJson ? `${JSON.stringify({ running: true, ...facts })}\n` : `${inWords(facts)}\n`)
    return exitCodes.ok
  } finally {
    await daemon.sender.close()
  }
}
function inWords(facts: Status): string {
  const { runs, databases, sandbox } = facts
  const ill = databases.filter(({ healthy }) => !healthy).map(({ name, message }) => `${name}: ${message ?? 'not healthy'}`)
  return `Steward is running.\n${record({
    address: facts.url ?? 'no HTTP',
    socket: facts.socket ?? '–',
    process: facts.pid,
    version: facts.version,
    up: duration(facts.uptimeMs),
    runs: `${runs.running} running, ${runs.waiting} waiting, ${runs.queued} queued`,
    sandbox: sandbox === 'none' ? 'none: commands run unconfined' : sandbox,
    databases: ill.length === 0 ? `all well, ${bytes(databases.reduce((sum, one) => sum + one.bytes, 0))}` : ill.join('; '),
    memory: bytes(facts.memoryBytes),
    home: facts.home,
  })}`
}
