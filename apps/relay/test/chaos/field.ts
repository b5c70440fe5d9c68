import type { Random } from '@steward/testkit'
import { setTimeout as delay } from 'node:timers/promises'
import { http, type Answer, type HttpClient } from '@steward/testkit/relay'
import type { Tally } from './tally.ts'

/** What the clients of one account have in common. */
export interface Field {
  readonly token: string
  /** The doors of the nodes. */
  readonly urls: readonly string[]
  readonly chance: Random
  readonly tally: Tally
  /** Whether clients begin nothing new. What is begun they bring to its end. */
  isOver(): boolean
  /** Whether clients of a node may have noticed a fault since a time of `performance.now()`. */
  disturbed(node: number, since: number): boolean
  /** Asks a node until one decides: 200, 404 or 409. Everything else that is no outage breaks a promise. `tries`: how often it was asked. */
  ask<T>(method: string, path: string, body?: unknown): Promise<Answer<T> & { readonly tries: number }>
  /** Some milliseconds, as a person or program takes them between two deeds. */
  pause(mostMs: number): Promise<void>
  close(): void
}
/** So long one request may take before another node is asked. */
const patienceMs = 5_000
const decisions = new Set([200, 404, 409])
/** Statuses after which the same may be asked again: nobody, too many, away. */
const again = new Set([0, 429, 503])

export function createField(options: Omit<Field, 'ask' | 'pause' | 'close'>): Field {
  const { urls, token, chance, tally } = options
  const clients: HttpClient[] = urls.map((url) => http(url, token, { connections: 64 }))
  const pause = (mostMs: number) => delay(chance.next() * mostMs)
  return {
    ...options,
    async ask<T>(method: string, path: string, body?: unknown) {
      for (let tries = 1; ; tries++) {
        const sending = { timeoutMs: patienceMs, ...(body === undefined ? {} : { body }) }
        const answer = await chance
          .pick(clients)
          .request<T>(method, path, sending)
          .catch(() => ({ status: 0, body: undefined as T, headers: {} }))
        if (decisions.has(answer.status)) return { ...answer, tries }
        if (!again.has(answer.status)) tally.broken(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`)
        tally.count('requests asked again')
        await pause(200)
      }
    },
    pause,
    close() {
      for (const client of clients) client.close()
    },
  }
}
