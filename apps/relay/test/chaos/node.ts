import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { http, startProxy, steadyPort, type Proxy } from '@steward/testkit/relay'
import type { Tally } from './tally.ts'

const steward = fileURLToPath(new URL('../../../cli/bin/steward.mjs', import.meta.url))
/** Ends a node with the process that started it, where the system can do that. */
const guard = '/usr/bin/setpriv'
const startLimitMs = 60_000
const endLimitMs = 15_000

/** A node of the relay: its process, and the lines to it and from it. */
export interface ChaosNode {
  /** Its door, behind a proxy. */
  readonly door: Proxy
  /** Its lines to PostgreSQL and Redis. */
  readonly databaseLine: Proxy
  readonly redisLine: Proxy
  /** Starts it until it answers: one that ends before is started again, as a supervisor does. */
  start(): Promise<void>
  kill(): Promise<void>
  /** SIGTERM; resolves when it has ended. */
  terminate(): Promise<void>
  freeze(): void
  thaw(): void
  /** Whether it says that clients may be sent to it. */
  ready(): Promise<boolean>
  residentMb(): number
  /** What it and those before it have reported, line by line. */
  readonly reports: readonly string[]
  stop(): Promise<void>
}
interface NodeOptions {
  readonly name: string
  /** Environment of `steward relay start`. */
  readonly settings: Readonly<Record<string, string>>
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly random: () => number
  readonly tally: Tally
}
/** Makes a node with a port that stays; it does not run yet. */
export async function createChaosNode({ name, settings, databaseUrl, redisUrl, random, tally }: NodeOptions): Promise<ChaosNode> {
  const port = await steadyPort()
  const url = `http://127.0.0.1:${port}`
  const [door, databaseLine, redisLine] = await Promise.all([startProxy(url, { random }), startProxy(databaseUrl), startProxy(redisUrl)])
  const env = { PATH: process.env['PATH'], ...settings, DATABASE_URL: databaseLine.url, REDIS_URL: redisLine.url, STEWARD_RELAY_PORT: String(port) }
  const words = [process.execPath, steward, 'relay', 'start', '--json']
  const [command = '', ...args] = existsSync(guard) ? [guard, '--pdeathsig', 'KILL', ...words] : words
  const api = http(url)
  const reports: string[] = []
  let lastWords: readonly string[] = []
  let child: ChildProcess | undefined
  let ended: Promise<void> = Promise.resolve()
  let isExpected = false
  let isStopped = false

  const launch = (): Promise<boolean> => {
    const born = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child = born
    isExpected = false
    let answers = false
    const lines: string[] = []
    lastWords = lines
    createInterface({ input: born.stderr }).on('line', (line) => void (answers ? reports : lines).push(line))
    ended = new Promise((resolve) =>
      born.once('exit', (code, signal) => {
        if (answers && !isExpected) tally.broken(`${name} ended by itself (${code ?? signal}): ${reports.slice(-5).join(' | ')}`)
        resolve()
      }),
    )
    return new Promise((resolve) => {
      createInterface({ input: born.stdout }).once('line', () => {
        answers = true
        reports.push(...lines)
        resolve(true)
      })
      born.once('exit', () => resolve(answers))
    })
  }
  const send = (signal: NodeJS.Signals) => void child?.kill(signal)
  const kill = async () => {
    isExpected = true
    send('SIGKILL')
    await ended
  }
  return {
    door,
    databaseLine,
    redisLine,
    reports,
    async start() {
      const deadline = performance.now() + startLimitMs
      for (;;) {
        if (isStopped || (await launch())) return tally.happened(`${name} answers`)
        tally.count('starts that failed and were tried again')
        tally.happened(`${name} did not start: ${lastWords.find((line) => /error|fault/i.test(line))}`)
        if (performance.now() > deadline) throw new Error(`${name} does not start: ${lastWords.slice(-8).join('\n')}`)
        await delay(300)
      }
    },
    kill,
    async terminate() {
      isExpected = true
      const began = performance.now()
      send('SIGTERM')
      const isOver = await Promise.race([ended.then(() => true), delay(endLimitMs, false, { ref: false })])
      if (!isOver) {
        tally.broken(`${name} had not ended ${endLimitMs} ms after SIGTERM.`)
        await kill()
      }
      const { exitCode } = child ?? {}
      if (isOver && exitCode !== 0) tally.broken(`${name} ended with ${exitCode} after SIGTERM: ${reports.slice(-5).join(' | ')}`)
      tally.most('longest drain, ms', performance.now() - began)
    },
    freeze: () => send('SIGSTOP'),
    thaw: () => send('SIGCONT'),
    ready: async () => (await api.request('GET', '/ready', { timeoutMs: 2_000 }).catch(() => ({ status: 0 }))).status === 200,
    residentMb() {
      if (child?.exitCode !== null || child.signalCode !== null) return 0
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
    },
    async stop() {
      isStopped = true
      send('SIGCONT')
      await kill()
      api.close()
      await Promise.all([door, databaseLine, redisLine].map((proxy) => proxy.close()))
    },
  }
}
