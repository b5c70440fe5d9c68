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
}
/** The flags of `start`, for people and for the daemon's own process alike. */
export function addDaemonOptions(command: Command): Command {
  return addPlaceOptions(command)
    .option('--home <folder>', "the daemon's folder (or STEWARD_HOME; ~/.steward)")
    .option('--port <number>', 'port of the HTTP door (else the stored one; the first time a free one)')
    .option('--no-http', 'serve no HTTP, only the socket of this machine')
}
/** Where HTTP is served, for the daemon and for a gateway. */
export function addPlaceOptions(command: Command): Command {
  return command
    .option('--host <address>', 'address of the HTTP door: 127.0.0.1 unless said; any other needs TLS or --insecure-http')
    .option('--tls-cert <file>', 'certificate of the HTTP door')
    .option('--tls-key <file>', "the certificate's key")
    .option('--insecure-http', 'allow plain HTTP on an address that others can reach')
}
const pair = (flag: string, value: string | undefined) => (value === undefined ? [] : [flag, value])

/** The daemon process's own arguments. */
export function daemonArguments(home: string, options: DaemonOptions): string[] {
  const { host, port, http, tlsCert, tlsKey, insecureHttp } = options
  return [
    ...pair('--home', home),
    ...pair('--host', host),
    ...pair('--port', port),
    ...pair('--tls-cert', tlsCert),
    ...pair('--tls-key', tlsKey),
    ...(http === false ? ['--no-http'] : []),
    ...(insecureHttp === true ? ['--insecure-http'] : []),
  ]
}
