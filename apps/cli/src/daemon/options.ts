import path from 'node:path'
import { Fault } from '@steward/contract'
import type { Command } from 'commander'

/** How a daemon is to be started. */
export interface DaemonOptions {
  readonly home?: string
  readonly host?: string
  readonly port?: string
  readonly http?: boolean
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly insecureHttp?: boolean
  readonly set?: readonly string[]
}
export const withHome = (command: Command): Command => command.option('--home <folder>', "the daemon's folder (or STEWARD_HOME; ~/.steward)")

/** The flags of `start`: where the daemon's things are, and what it serves. */
export function addDaemonOptions(command: Command): Command {
  return addPlaceOptions(withHome(command))
    .option('--port <number>', 'port of the HTTP door (else the stored one; the first time a free one)')
    .option('--http', 'serve HTTP')
    .option('--no-http', 'serve no HTTP, only the socket of this machine')
    .option(
      '--set <key=value>',
      'a setting for this start, above all others (repeat it): --set log.level=debug',
      (one: string, before: string[] = []) => [...before, one],
    )
}
/** Where HTTP is served, for the daemon and for a gateway. */
export function addPlaceOptions(command: Command): Command {
  return command
    .option('--host <address>', 'address of the HTTP door: 127.0.0.1 unless said; any other needs TLS or --insecure-http')
    .option('--tls-cert <file>', 'certificate of the HTTP door')
    .option('--tls-key <file>', "the certificate's key")
    .option('--insecure-http', 'allow plain HTTP on an address that others can reach')
}
/** Throws Fault `invalid` where something is said of an HTTP door that shall not be. */
export function demandHttp(http: boolean, { host, port, tlsCert, tlsKey }: DaemonOptions): void {
  if (!http && [host, port, tlsCert, tlsKey].some((value) => value !== undefined))
    throw new Fault('invalid', 'The address, the port and the certificate are those of the HTTP door: add --http.')
}
const pair = (flag: string, value: string | undefined) => (value === undefined ? [] : [flag, value])

/** The daemon process's own arguments. */
export function daemonArguments(home: string, options: DaemonOptions): string[] {
  return [...pair('--home', home), ...daemonFlags(options), ...(options.http === false ? ['--no-http'] : [])]
}
/** Files are named whole: the daemon works in its own folder. */
const whole = (file: string | undefined) => (file === undefined ? undefined : path.resolve(file))

/** What is said beside the folder and whether HTTP is served, as flags. */
export function daemonFlags({ host, port, tlsCert, tlsKey, insecureHttp, set = [] }: DaemonOptions): string[] {
  return [
    ...pair('--host', host),
    ...pair('--port', port),
    ...pair('--tls-cert', whole(tlsCert)),
    ...pair('--tls-key', whole(tlsKey)),
    ...set.flatMap((one) => ['--set', one]),
    ...(insecureHttp === true ? ['--insecure-http'] : []),
  ]
}
