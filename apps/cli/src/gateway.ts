import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Fault } from '@steward/contract'
import { exitCodes } from './exit-codes.ts'
import { homeAt, readDaemonFile, readGatewayKey } from './home.ts'
import type { Io } from './io.ts'
import { version } from './version.ts'

export interface GatewayCommandOptions {
  readonly home?: string
  readonly socket?: string
  readonly key?: string
  readonly host?: string
  readonly port?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly insecureHttp?: boolean
}
/** Serves a gateway until a signal ends it; its address is printed on a line of its own. It starts without a daemon too, and finds it when it comes. */
export async function serveGateway(options: GatewayCommandOptions, io: Io): Promise<number> {
  const { host = '127.0.0.1', port, tlsCert, tlsKey, insecureHttp = false } = options
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new Fault('invalid', 'A certificate needs its key: give both --tls-cert and --tls-key.')
  const { openGateway } = await import('@steward/gateway')
  const gateway = await openGateway({
    place: {
      host,
      port: port === undefined ? undefined : Number(port),
      insecure: insecureHttp,
      tls: tlsCert === undefined || tlsKey === undefined ? undefined : { cert: read(tlsCert, 'certificate'), key: read(tlsKey, 'key') },
    },
    find: finder(options),
    version: version(),
    report: (error, requestId) => {
      const { message } = error as Error
      io.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level: 'error', component: 'gateway', requestId, message })}\n`)
    },
  })
  const over = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  io.stdout.write(`The gateway is running (process ${process.pid}).\n${gateway.url}\n`)
  if (!gateway.daemonAnswers())
    io.stderr.write('The daemon does not answer yet; the gateway serves as soon as it does. Start it with: steward start\n')
  await over
  await gateway.close()
  return exitCodes.ok
}
/** Looks anew each time: the daemon may be started, moved or restored while the gateway serves. */
function finder({ home: folder, socket, key }: GatewayCommandOptions) {
  const home = homeAt(folder)
  return () => {
    const secret = key === undefined ? readGatewayKey(home) : read(key, "gateway's key").toString('utf8').trim()
    const at = socket ?? readDaemonFile(home)?.socket
    if (secret === undefined || at === undefined) throw new Error(`No daemon has written down where it is in ${home.path}.`)
    return { socket: at, secret }
  }
}
function read(file: string, what: string): Buffer {
  try {
    return readFileSync(path.resolve(file))
  } catch (error) {
    throw new Fault('unprocessable', `The ${what} cannot be read: ${(error as Error).message}.`, undefined, { cause: error })
  }
}
