import { Fault } from '@steward/contract'
import type * as relayModule from '@steward/relay/upkeep'
import { exitCodes } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { writeAnswer } from '../output/answer.ts'
import { withProgress } from '../output/progress.ts'
import { createAsker } from '../talk/asker.ts'
import { version } from '../version.ts'
import type { RelayFlags } from './options.ts'

type Module = typeof relayModule
type Config = ReturnType<Module['readConfig']>
/** Reads the configuration and does something with it; new files are the owner's alone. */
async function configured<T>({ json: _json, ...flags }: RelayFlags, work: (relay: Module, config: Config) => Promise<T>): Promise<T> {
  process.umask(0o077)
  const relay = await import('@steward/relay/upkeep')
  return work(relay, relay.readConfig(flags, process.env))
}
/** Brings the database to the newest schema; everything in it is removed first where that is asked for, and confirmed. */
export async function migrate(
  { toStatus = false, reset = false, yes, ...flags }: RelayFlags & { toStatus?: boolean; reset?: boolean; yes?: boolean },
  io: Io,
): Promise<number> {
  if (reset && yes !== true && !(await agrees(io))) {
    io.stderr.write('Nothing was changed.\n')
    return exitCodes.cancelled
  }
  const steps = await configured(flags, async (relay, config) => {
    if (reset && !toStatus) await relay.resetRelay(config)
    return relay.migrateRelay(config, toStatus)
  })
  if (flags.json === true) writeAnswer(io.stdout, { steps, pretended: toStatus }, true)
  else if (reset && !toStatus) io.stdout.write('The database is empty, and its schema is the newest.\n')
  else if (steps.length === 0) io.stdout.write('The schema is the newest; nothing to do.\n')
  else for (const step of steps) io.stdout.write(`${toStatus ? 'Would make' : 'Made'} step ${step.version}: ${step.name}\n`)
  return exitCodes.ok
}
/** Without anybody to ask, nothing is removed. */
async function agrees(io: Io): Promise<boolean> {
  if (!io.canAsk) throw new Fault('invalid', 'This removes all accounts, sessions and messages: add --yes to do it.')
  const asker = createAsker(io, () => undefined)
  try {
    const line = await asker.ask('All accounts, sessions and messages will be removed. Go on? [y/N] ', { fresh: true })
    return /^y(es)?$/i.test(line?.trim() ?? '')
  } finally {
    asker.close()
  }
}
/** Says how the database and the nodes do. */
export async function status(flags: RelayFlags, io: Io): Promise<number> {
  const found = await configured(flags, (relay, config) => relay.relayStatus(config))
  const { database, counts, nodes } = found
  writeAnswer(
    io.stdout,
    flags.json === true
      ? found
      : { database: database.kind, schema: `${database.schema} of ${database.newest}`, ...counts, ...(nodes === null ? {} : { nodes }) },
    flags.json === true,
  )
  return exitCodes.ok
}
/** Copies the database into a file, and says what else belongs to a copy. */
export async function backup(file: string, flags: RelayFlags, io: Io): Promise<number> {
  const { made, secret } = await configured(flags, async (relay, config) => ({
    made: await withProgress(io.stderr, 'Copying the database', () => relay.backupRelay(config, file)),
    secret: config.secret === undefined ? `the folder ${config.home} without its relay.db (the secret, the files)` : 'the secret, and the files',
  }))
  writeAnswer(io.stdout, made, flags.json === true)
  if (flags.json !== true) io.stderr.write(`Keep beside it: ${secret}.\n`)
  return exitCodes.ok
}
/** Ends the tokens of an account, or of one of its devices. */
export async function revoke(account: string, device: string | undefined, flags: RelayFlags, io: Io): Promise<number> {
  const ended = await configured(flags, (relay, config) => relay.revokeTokens(config, account, device))
  writeAnswer(io.stdout, ended, flags.json === true)
  if (!ended.told && flags.json !== true) io.stderr.write('Nodes that run were not told over Redis; they find out within 10 s.\n')
  return exitCodes.ok
}
/** Prints the OpenAPI document. */
export async function printOpenapi(io: Io): Promise<number> {
  const { relayOpenapi } = await import('@steward/relay')
  io.stdout.write(`${JSON.stringify(relayOpenapi(version()), null, 2)}\n`)
  return exitCodes.ok
}
