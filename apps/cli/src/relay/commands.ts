import type { Command } from 'commander'
import type { Io } from '../io.ts'
import type { RelayFlags } from './options.ts'
import { addPlace, addServing } from './options.ts'

/** `steward relay …`: a relay of one's own. What a command does is loaded when it is used. */
export function addRelay(program: Command, io: Io, done: (exitCode: number) => void): void {
  const relay = program
    .command('relay')
    .description('a relay, over which phones and browsers reach their machines: start, migrate, status, backup, token')
  addServing(addPlace(relay.command('start').description('serve a relay until a signal ends it; needs nothing to be set up')))
    .option('--json', 'tell its address as one JSON line')
    .action(async (flags: RelayFlags) => done(await (await import('./start.ts')).startRelay(flags, io)))
}
