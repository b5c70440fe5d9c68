import { setTimeout as delay } from 'node:timers/promises'
import type { Sender } from '@steward/client'
import { Fault, type Contract } from '@steward/contract'
import type { Home } from '../home.ts'
import { findDaemon } from './daemon.ts'
import { isHeld, silent, silentLimitMs } from './held.ts'
import type { Reach } from './reach-type.ts'

export interface Target {
  readonly home: Home
  /** Another machine's daemon, by HTTP. */
  readonly url?: string
  readonly token?: string
  /** The operations as far as they are known here. */
  readonly contract?: Contract
}
const pauseMs = 100

/** A daemon reached by HTTP with an access token. */
export async function remote(url: string, token: string | undefined): Promise<Sender> {
  if (!/^https?:\/\//.test(url)) throw new Fault('invalid', `${url} is not an address; it must begin with http:// or https://.`)
  const { createFetchSender } = await import('@steward/client')
  return createFetchSender({ url, ...(token === undefined ? {} : { token }), pace: { patienceMs: 10_000 } })
}
/**
 * The way to the operations (one owner of the data at a time): the daemon's socket where it answers; where nobody holds the home, in this process,
 * holding it meanwhile; where it is held and silent, up to 10 s of waiting, then Fault `unavailable` with the holder's pid.
 */
export async function reach({ home, url, token, contract }: Target): Promise<Reach> {
  if (url !== undefined) return remote(url, token ?? process.env['STEWARD_TOKEN'])
  const until = performance.now() + silentLimitMs
  for (;;) {
    const daemon = await findDaemon(home, contract)
    if (daemon) return daemon.sender
    try {
      return await (await import('./in-process.ts')).openInProcess(home)
    } catch (error) {
      if (!isHeld(error)) throw error
      if (performance.now() >= until) throw silent(home, error)
    }
    await delay(pauseMs)
  }
}
