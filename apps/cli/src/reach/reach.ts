import type { Sender } from '@steward/client'
import { Fault, mutates, type Contract, type Operation } from '@steward/contract'
import type { Home } from '../home.ts'
import { findDaemon } from './daemon.ts'
import { whenFree } from './held.ts'
import type { Reach } from './reach-type.ts'

export interface Target {
  readonly home: Home
  /** Another machine's daemon, by HTTP. */
  readonly url?: string
  readonly token?: string
  /** Only in this process. */
  readonly local?: boolean
  /** The operations as far as they are known here. */
  readonly contract?: Contract
}
/** A daemon that goes away is waited for so long before another way is looked for. Milliseconds. */
const patienceMs = 1_000
/** A daemon that starts and stops all the time must not keep a command for ever. */
const mostWays = 10

/** A daemon reached by HTTP with an access token. */
export async function remote(url: string, token: string | undefined): Promise<Sender> {
  if (!/^https?:\/\//.test(url)) throw new Fault('invalid', `${url} is not an address; it must begin with http:// or https://.`)
  const { createFetchSender } = await import('@steward/client')
  return createFetchSender({ url, ...(token === undefined ? {} : { token }), pace: { patienceMs: 10_000 } })
}
/**
 * The way to the operations (one owner of the data at a time): the daemon's socket where it answers; where nobody holds the home, in this process,
 * holding it meanwhile; where it is held and silent, up to 10 s of waiting, then Fault `unavailable` with the holder's pid. When a daemon goes
 * away in the middle of a call, the way is looked for anew, and the call is made again under its key: what was done is not done twice. `local` takes
 * this process alone. Throws Fault `conflict` when a daemon, or another command, holds the home then.
 */
export async function reach({ home, url, token, local, contract }: Target): Promise<Reach> {
  if (url !== undefined) return remote(url, token ?? process.env['STEWARD_TOKEN'])
  if (local === true) return (await import('./in-process.ts')).openInProcess(home)
  const known: Contract = contract ?? (await import('@steward/contract/daemon')).operations
  let way = await wayTo(home, known)
  return {
    async call(op, input, options = {}) {
      const key = options.key ?? keyFor(known[op])
      const sent = { ...options, ...(key === undefined ? {} : { key }) }
      for (let ways = 1; ; ways++) {
        try {
          return await way.reach.call(op, input, sent)
        } catch (error) {
          if (!way.daemon || !isGone(error) || ways === mostWays) throw error
        }
        await way.reach.close()
        way = await wayTo(home, known)
      }
    },
    upload: (...asked) => way.reach.upload(...asked),
    download: (...asked) => way.reach.download(...asked),
    close: () => way.reach.close(),
  }
}
const wayTo = (home: Home, contract: Contract): Promise<{ readonly reach: Reach; readonly daemon: boolean }> =>
  whenFree(home, async () => {
    const daemon = await findDaemon(home, { contract, patienceMs })
    return daemon ? { reach: daemon.sender, daemon: true } : { reach: await (await import('./in-process.ts')).openInProcess(home), daemon: false }
  })

/** A call that changes something is named, so that it can be made again on another way. */
const keyFor = (op: Operation | undefined): string | undefined =>
  op !== undefined && mutates(op) && 'database' in op ? crypto.randomUUID() : undefined
/** Whether no daemon could be reached. What a daemon itself has answered bears the id of the request. */
const isGone = (error: unknown): boolean => error instanceof Fault && error.code === 'unavailable' && error.retryable && error.requestId === undefined
