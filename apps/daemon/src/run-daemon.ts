import { readFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { homedir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { Fault } from '@steward/contract'
import { markCrashLog } from './app-log.ts'
import type { AppOptions } from './app-types.ts'
import { serve, type Served } from './serve.ts'
import { createStarter } from './starter.ts'

const settleAfterMs = 1_000
/** A command that works without a daemon is done by then. */
const lockPatienceMs = 10_000
/**
 * What can wait until the daemon answers. Compiled code is kept now and not at the end, which a crash would not reach. And as a daemon rests most
 * of its life, its heap is to stay near what is used: V8 would let it grow to three times that. At the start this would cost a tenth of the time.
 */
function settle(): void {
  flushCompileCache()
  setFlagsFromString('--optimize-for-size')
}
/** Settings that the command line gives: each `--set key=value`, and the port. Throws Fault `unprocessable`. */
function flagsOf(port: string | undefined, set: readonly string[]): NonNullable<AppOptions['flags']> {
  const given = set.map((text) => {
    const at = text.indexOf('=')
    if (at < 1) throw new Fault('unprocessable', `--set takes key=value, such as --set log.level=debug, not ${text}.`)
    return { key: text.slice(0, at), text: text.slice(at + 1), flag: `--set ${text.slice(0, at)}` }
  })
  return port === undefined ? given : [...given, { key: 'server.port', text: port, flag: '--port' }]
}
/** What ends the process by a mistake of ours, and what Node warns of, stand in the log like all else, without secrets. */
function tellOfTrouble(served: () => Served | undefined): void {
  process.on('uncaughtException', (error: unknown) => {
    const log = served()?.app.log
    if (log) log.of('daemon').fatal({ error }, `The daemon has crashed: ${error instanceof Error ? error.message : String(error)}`)
    else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    log?.flush()
    process.exit(1)
  })
  process.removeAllListeners('warning')
  process.on('warning', (warning) => served()?.app.log.of('daemon').warn({ error: warning }, warning.message))
}
/**
 * The daemon as a process: its options from the command line, its end by a signal or by `system.stop`. Says on the channel of its starter, if
 * there is one, when it answers (`{type: 'ready', url, socket, pid}`) or why it cannot (`{type: 'failed', message, code?}`, exit code 1). A starter
 * that stays (`--supervised`) is answered whenever it asks for a sign of life; when it ends, the daemon goes on alone and says so in its status.
 */
export async function runDaemon(): Promise<void> {
  const { values } = parseArgs({
    options: {
      home: { type: 'string', default: process.env['STEWARD_HOME'] ?? path.join(homedir(), '.steward') },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string' },
      'no-http': { type: 'boolean', default: false },
      'tls-cert': { type: 'string' },
      'tls-key': { type: 'string' },
      'insecure-http': { type: 'boolean', default: false },
      set: { type: 'string', multiple: true, default: [] },
      supervised: { type: 'boolean', default: false },
    },
  })
  markCrashLog(values.home)
  let served: Served | undefined
  let stopping = false
  const starter = createStarter({
    supervised: values.supervised,
    well: async () => served !== undefined && (await served.app.ready()).ok,
    lost: () =>
      served?.app.log.of('daemon').warn('The supervisor has ended: nobody would start this daemon again. `steward start` puts it under a new one.'),
  })
  const stop = () => {
    if (stopping) return
    stopping = true
    const limit = setTimeout(() => process.exit(1), 10_000)
    limit.unref()
    void starter.tell({ type: 'stopping' })
    Promise.resolve(served?.stop()).then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop)
  tellOfTrouble(() => served)
  try {
    const cert = values['tls-cert']
    const key = values['tls-key']
    served = await serve({
      home: values.home,
      flags: flagsOf(values.port, values.set),
      onStop: () => setImmediate(stop),
      lockPatienceMs,
      announce: (work) => starter.tell({ type: 'busy', work }),
      supervisor: starter.supervisor,
      http: values['no-http']
        ? null
        : {
            host: values.host,
            port: values.port === undefined ? undefined : Number(values.port),
            insecure: values['insecure-http'],
            tls: cert !== undefined && key !== undefined ? { cert: readFileSync(cert), key: readFileSync(key) } : undefined,
          },
    })
    if (stopping) await served.stop()
    await starter.tell({ type: 'ready', url: served.url, socket: served.socket, pid: process.pid })
    setTimeout(settle, settleAfterMs).unref()
  } catch (error) {
    const message = (error as Error).message
    process.stderr.write(`${message}\n`)
    process.exitCode = 1
    await starter.tell({ type: 'failed', message, ...(error instanceof Fault ? { code: error.code } : {}) })
    if (process.connected) process.disconnect()
  }
  starter.release()
}
