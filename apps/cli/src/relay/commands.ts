import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { addPlace, addServing, withJson, withRedis, type RelayFlags, type StartFlags } from './options.ts'

type Done = (exitCode: number) => void
/** `steward relay …`: a relay of one's own. What a command does is loaded when it is used. */
export function addRelay(program: Command, io: Io, done: Done): void {
  const relay = program
    .command('relay')
    .description('a relay, over which phones and browsers reach their machines: start, migrate, status, backup, token, openapi')
  addServing(addPlace(relay.command('start').description('serve a relay until a signal ends it; nothing needs to be set up')))
    .option('--standalone', 'embedded database, one node, whatever the environment says of PostgreSQL, Redis and S3')
    .option('--json', 'tell its address as one JSON line {url, pid, node, metricsUrl}')
    .action(async (flags: StartFlags) => done(await (await import('./start.ts')).startRelay(flags, io)))
  addUpkeep(relay, io, done)
  relay
    .command('openapi')
    .description("print the OpenAPI document of a relay's routes")
    .action(async () => done(await (await import('./upkeep.ts')).printOpenapi(io)))
}
function addUpkeep(relay: Command, io: Io, done: Done): void {
  withJson(addPlace(relay.command('migrate').description('bring the database to the newest schema; a start does the same')))
    .option('--to-status', 'only say which steps would be made')
    .option('--reset', 'remove everything in the database first')
    .option('--yes', 'do not ask before everything is removed')
    .action(async (flags: RelayFlags & { toStatus?: boolean; reset?: boolean; yes?: boolean }) =>
      done(await (await import('./upkeep.ts')).migrate(flags, io)),
    )
  withJson(withRedis(addPlace(relay.command('status').description('say how the database and the nodes of a relay do')))).action(
    async (flags: RelayFlags) => done(await (await import('./upkeep.ts')).status(flags, io)),
  )
  withJson(addPlace(relay.command('backup').description('copy the database into a file, also while the relay runs')))
    .argument('<file>', 'a file that does not exist yet')
    .action(async (file: string, flags: RelayFlags) => done(await (await import('./upkeep.ts')).backup(file, flags, io)))
  const token = relay.command('token').description('the tokens of accounts')
  withJson(withRedis(addPlace(token.command('revoke').description('end the tokens of an account, or of one of its devices'))))
    .argument('<account>', "the account's id, or its public key as hex or base64")
    .argument('[device]', "the device's id; without it all of them end")
    .action(async (account: string, device: string | undefined, flags: RelayFlags) =>
      done(await (await import('./upkeep.ts')).revoke(account, device, flags, io)),
    )
}
