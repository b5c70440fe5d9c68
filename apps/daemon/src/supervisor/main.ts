// A process that lives as long as the daemon and weighs little: it loads nothing but what it needs to start it.
import { appendFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { FromDaemon } from './messages.ts'
import { supervise } from './supervise.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    home: { type: 'string' },
    log: { type: 'string' },
    'beat-ms': { type: 'string', default: '2000' },
    'healthy-ms': { type: 'string', default: '10000' },
    'hung-ms': { type: 'string', default: '15000' },
  },
})
const { home, log: logFile } = values
if (home === undefined || logFile === undefined) throw new Error('The supervisor needs --home and --log.')

/** One write for each line, at the end of whatever file bears the name now. A disk that refuses must not end the supervisor. */
function log(level: string, msg: string, facts: object = {}): void {
  try {
    const line = { level, time: new Date().toISOString(), pid: process.pid, component: 'supervisor', ...facts, msg }
    appendFileSync(logFile ?? '', `${JSON.stringify(line)}\n`, { mode: 0o600 })
  } catch {
    // There is nowhere left to say it.
  }
}
function tellStarter(message: FromDaemon): void {
  if (process.connected)
    process.send?.(message, () => {
      if (process.connected) process.disconnect()
    })
}
const supervision = supervise({
  home,
  args: positionals,
  pace: { beatMs: Number(values['beat-ms']), healthyMs: Number(values['healthy-ms']), hungMs: Number(values['hung-ms']) },
  log,
  tellStarter,
})
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => supervision.stop(signal))
process.exitCode = await supervision.ended
if (process.connected) process.disconnect()
