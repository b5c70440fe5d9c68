import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FromDaemon, ToDaemon } from './messages.ts'
import { createPulse } from './pulse.ts'
import { createRestarts } from './restarts.ts'
import { createStateFile, type SupervisorState } from './state-file.ts'

/** A daemon puts itself in order within 10 s; one that does not is killed after so long. */
const stopLimitMs = 12_000
const daemonMain = fileURLToPath(new URL('../main.ts', import.meta.url))

export interface Pace {
  /** The daemon is asked for a sign of life so often. */
  readonly beatMs: number
  /** So long it must be well for the count of crashes to be zero again. */
  readonly healthyMs: number
  /** So long it may be silent. */
  readonly hungMs: number
}
export interface SuperviseOptions {
  readonly home: string
  /** The daemon's own arguments. */
  readonly args: readonly string[]
  readonly pace: Pace
  log(level: 'info' | 'warn' | 'error', msg: string, facts?: object): void
  /** Tells whoever has started this process how the first start went; once. */
  tellStarter(message: FromDaemon): void
}
export interface Supervision {
  /** Passes the signal on; the daemon's end is then the end. */
  stop(signal: NodeJS.Signals): void
  /** Resolves with the exit code when there is nothing left to watch over. */
  readonly ended: Promise<number>
}
const killLater = (child: ChildProcess) => void setTimeout(() => child.kill('SIGKILL'), stopLimitMs).unref()

/** Starts the daemon and watches over it: starts it again after a crash or a hang, until it is stopped, cannot start, or has crashed too often. */
export function supervise({ home, args, pace, log, tellStarter }: SuperviseOptions): Supervision {
  const restarts = createRestarts(pace.healthyMs)
  const file = createStateFile(home)
  const now = () => performance.now()
  let daemon: ChildProcess | undefined
  let stopping = false
  let wasReady = false
  let restarted = 0
  let lastCrash: SupervisorState['lastCrash'] = null
  let pause: NodeJS.Timeout | undefined
  let end: (exitCode: number) => void = () => undefined
  const ended = new Promise<number>((resolve) => (end = resolve))

  const note = (state: SupervisorState['state'], why: string | null = null) =>
    file.write({
      pid: process.pid,
      state,
      daemonPid: daemon?.pid ?? null,
      restarts: restarted,
      crashes: restarts.count(now()),
      lastCrash,
      why,
      arguments: args,
      at: new Date().toISOString(),
    })
  const finish = (exitCode: number) => {
    file.remove()
    end(exitCode)
  }
  const giveUp = (why: string, code?: string) => {
    log('error', `The supervisor gives up: ${why}`)
    note('gave-up', why)
    tellStarter({ type: 'failed', message: why, ...(code === undefined ? {} : { code }) })
    end(1)
  }
  const crashed = (why: string) => {
    const verdict = restarts.crashed(now())
    lastCrash = { at: new Date().toISOString(), why }
    daemon = undefined
    if ('giveUp' in verdict)
      return giveUp(
        `The daemon has crashed six times within a minute; the last time it ${why}. Its log says more. Start it again with: steward start`,
      )
    log('warn', `The daemon ${why}; it is started again.`, verdict)
    // Before its first answer somebody else may be the one who keeps the file.
    if (wasReady) note('pausing')
    pause = setTimeout(() => {
      restarted++
      begin()
    }, verdict.restartInMs)
  }
  const cannotStart = ({ message, code }: FromDaemon & { type: 'failed' }) => {
    if (wasReady && code === 'conflict') return giveUp(message, code)
    if (wasReady) return crashed(`could not start: ${message}`)
    tellStarter({ type: 'failed', message, ...(code === undefined ? {} : { code }) })
    finish(1)
  }
  const begin = () => {
    const child = spawn(process.execPath, [daemonMain, ...args, '--supervised'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    daemon = child
    if (wasReady) note('starting')
    const pulse = createPulse(pace)
    let failed: (FromDaemon & { type: 'failed' }) | undefined
    let leaving = false
    let hung = false
    let asked = false
    const beat = setInterval(() => {
      if (leaving || stopping) return
      if (pulse.tick(now())) {
        hung = true
        return void child.kill('SIGKILL')
      }
      if (asked || !child.connected) return
      asked = true
      child.send({ type: 'beat' } satisfies ToDaemon, () => undefined)
    }, pace.beatMs)
    child.on('message', (said: FromDaemon) => {
      if (said.type === 'ready') {
        wasReady = true
        log('info', `The daemon answers (process ${said.pid}).`)
        note('running')
        tellStarter(said)
      } else if (said.type === 'failed') failed = said
      else if (said.type === 'busy') pulse.busy(said.work)
      else if (said.type === 'stopping') {
        leaving = true
        killLater(child)
      } else {
        asked = false
        pulse.heard()
        if (restarts.health(now(), said.well)) note('running')
      }
    })
    let over = false
    const ends = (why: string, code: number | null) => {
      if (over) return
      over = true
      clearInterval(beat)
      if (stopping || leaving || code === 0) return finish(0)
      if (failed) return cannotStart(failed)
      crashed(hung ? `has given no sign of life for ${pace.hungMs / 1_000} s and was killed` : why)
    }
    child.once('error', (error) => ends(`could not be started: ${error.message}`, null))
    child.once('exit', (code, signal) => ends(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`, code))
  }
  begin()
  return {
    ended,
    stop(signal) {
      stopping = true
      clearTimeout(pause)
      const child = daemon
      if (child === undefined) return finish(0)
      child.kill(signal)
      killLater(child)
    },
  }
}
