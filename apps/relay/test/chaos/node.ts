import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { http, startProxy, steadyPort, type Proxy } from '@steward/testkit/relay'
import type { RelayConfig } from '../../src/index.ts'
import type { Tally } from './tally.ts'

const main = fileURLToPath(new URL('node-main.ts', import.meta.url))
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
  readonly config: Partial<RelayConfig> & Pick<RelayConfig, 'home'>
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly random: () => number
  readonly tally: Tally
}
/** Makes a node with a port that stays; it does not run yet. */
export async function createChaosNode({ name, config, databaseUrl, redisUrl, random, tally }: NodeOptions): Promise<ChaosNode> {
  const port = await steadyPort()
  const url = `http://127.0.0.1:${port}`
  const [door, databaseLine, redisLine] = await Promise.all([startProxy(url, { random }), startProxy(databaseUrl), startProxy(redisUrl)])
  const own = { ...config, port, databaseUrl: databaseLine.url, redisUrl: redisLine.url }
  const api = http(url)
  const reports: string[] = []
  let lastWords: readonly string[] = []
  let child: ChildProcess | undefined
  let ended: Promise<void> = Promise.resolve()
  let isExpected = false
  let isStopped = false

  const launch = (): Promise<boolean> => {
    const born = spawn(process.execPath, [main], {
      env: { PATH: process.env['PATH'], STEWARD_CHAOS_NODE: JSON.stringify(own) },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
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
