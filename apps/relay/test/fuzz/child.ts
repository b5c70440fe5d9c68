import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '@steward/testkit'
import { defaults, type RelayConfig } from '../../src/index.ts'

/** What a relay holds, counted after a collection of garbage. */
export interface Counts {
  readonly reported: readonly string[]
  readonly sockets: number
  readonly heapMb: number
  readonly residentMb: number
  /** Objects and handles by kind. */
  readonly held: Readonly<Record<string, number>>
}
export interface Child {
  readonly url: string
  readonly alive: () => boolean
  counts(): Promise<Counts>
  /** MB in use, after a collection of garbage: quicker than all counts. */
  heapMb(): Promise<number>
  /** What went wrong inside. */
  reported(): Promise<readonly string[]>
  stop(): Promise<void>
}
/** Starts a relay as a process of its own, patient with the many clients of one address. Throws with its words when it does not come to answer. */
export async function startChild(config: Partial<RelayConfig>): Promise<Child> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'relay-fuzz-'))
  const patient = {
    // Nobody is missed while a test runs: who is silent is told of to the account.
    presence: { ...defaults.presence, silentMs: 24 * 3_600_000 },
    loginsPerMinute: 1e6,
    openPerMinute: 1e6,
    loginsPerKeyPerMinute: 1e6,
    pairingsPerMinute: 1e6,
  }
  const child = fork(fileURLToPath(new URL('./child-main.ts', import.meta.url)), {
    env: { ...process.env, STEWARD_FUZZ_RELAY: JSON.stringify({ home, secret: 'Vq3mT8xZ1pLw6Rk9sJd2HfTGc7BnWYyQ', ...patient, ...config }) },
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let words = ''
  child.stderr?.on('data', (text: Buffer) => (words = (words + text.toString()).slice(-4_000)))
  const alive = () => child.exitCode === null && child.signalCode === null
  const said = async (asked?: string): Promise<unknown> => {
    if (!alive()) throw new Error(`The relay has ended: ${words}`)
    if (asked !== undefined) child.send(asked)
    const ended = new AbortController()
    try {
      const [answer] = (await Promise.race([
        once(child, 'message', { signal: ended.signal }),
        once(child, 'exit', { signal: ended.signal }).then(() => Promise.reject(new Error(`The relay has ended: ${words}`))),
      ])) as [unknown]
      return answer
    } finally {
      ended.abort()
    }
  }
  const url = String(await said())
  return {
    url,
    alive,
    counts: async () => (await said('counts')) as Counts,
    heapMb: async () => Number(await said('heap')),
    reported: async () => (await said('reported')) as string[],
    async stop() {
      if (alive()) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      rmSync(home, { recursive: true, force: true })
    },
  }
}
/** Waits until the relay holds no more than before, but for a few of each kind; what it lets go by a clock is waited for. Throws with what is left. */
export async function expectNoLeak(child: Child, before: Counts, slack = 8): Promise<Counts> {
  let left = ''
  let now = before
  await until(
    async () => {
      now = await child.counts()
      left = Object.entries(now.held)
        .filter(([kind, count]) => count > (before.held[kind] ?? 0) + slack)
        .map(([kind, count]) => `${kind}: ${before.held[kind]} -> ${count}`)
        .join(', ')
      if (left !== '') await new Promise((resolve) => setTimeout(resolve, 500))
      return left === ''
    },
    { timeoutMs: 60_000, what: 'the relay to let go' },
  ).catch((error: unknown) => {
    throw new Error(`It still holds ${left}`, { cause: error })
  })
  return now
}
