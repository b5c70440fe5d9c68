import type { Clock } from '../../platform/clock.ts'
import type { Emit, EventLog } from '../../platform/storage/event-log.ts'
import type { Letter, OutboxStore } from './store.ts'

/** Pauses between the tries, some 18 hours in all (Standard Webhooks, "deliverability"). */
const pausesMs = [5_000, 30_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000] as const
/** Of one target at once, so that a slow one holds no other up, and of all. */
const perTarget = 2
const atOnce = 64
const longestWaitMs = 60_000
const againMs = 1_000
/** What a try came to. `final` is not tried again; `cancelled` is nobody's failure. */
export type Sent = { readonly ok: true } | { readonly ok: false; readonly error: string; readonly final?: boolean; readonly cancelled?: boolean }
/** Makes one try. At least once: the same letter may come again, under its id. What it throws is a failure that is tried again. */
export interface Sender {
  send(letter: Letter, signal: AbortSignal): Promise<Sent>
  /** A part of the commit that gives a letter up. */
  gaveUp(emit: Emit, letter: Letter, error: string): void
}
export interface OutboxPorts {
  readonly log: Pick<EventLog, 'commit' | 'durable'>
  readonly clock: Clock
  /** By the kind of a letter. */
  readonly senders: Readonly<Record<string, Sender>>
  report(error: unknown, about?: object): void
}
/**
 * Sends what lies in the outbox, away from whoever put it there. Each letter is tried until its target has it or its tries are used up; a try is counted
 * before it is made. After a crash every letter that was not noted as delivered is sent again under the same id.
 */
export function createOutbox(store: OutboxStore, { log, clock, senders, report }: OutboxPorts) {
  const stopping = new AbortController()
  const inFlight = new Map<string, { target: string; done: Promise<void> }>()
  let running = false
  let callOff: (() => void) | undefined
  const iso = (at: number) => new Date(at).toISOString()
  const busyWith = (target: string) => [...inFlight.values()].filter((one) => one.target === target).length

  const attempt = async (letter: Letter): Promise<void> => {
    const sender = senders[letter.kind]
    let sent: Sent
    try {
      sent = sender ? await sender.send(letter, stopping.signal) : { ok: false, error: `Nothing sends a ${letter.kind}.`, final: true }
    } catch (error) {
      sent = { ok: false, error: error instanceof Error ? error.message : String(error) }
    }
    // A stop is no failure: it is sent again at the next start.
    if (stopping.signal.aborted && !sent.ok) return
    const now = clock.now()
    const pause = pausesMs[letter.attempts]
    log.commit((emit) => {
      if (sent.ok) return void store.end(letter.id, 'delivered', null, null, iso(now))
      const error = sent.error.slice(0, 1_000)
      if (sent.cancelled === true) return void store.end(letter.id, 'cancelled', error, null, iso(now))
      if (sent.final !== true && pause !== undefined) return void store.end(letter.id, 'waiting', error, iso(now + pause), null)
      if (store.end(letter.id, 'failed', error, null, iso(now))) sender?.gaveUp(emit, letter, error)
    })
    await log.durable()
  }
  const begin = (letter: Letter): void => {
    const done = attempt(letter)
      .catch((error: unknown) => {
        report(error, { deliveryId: letter.id })
        if (running) clock.at(clock.now() + againMs, wake)
      })
      .finally(() => {
        inFlight.delete(letter.id)
        wake()
      })
    inFlight.set(letter.id, { target: letter.target, done })
  }
  /** What may be sent now, some of every target. */
  const ready = (now: string): Letter[] => {
    const found: Letter[] = []
    for (const target of store.targets()) {
      const room = Math.min(perTarget - busyWith(target), atOnce - inFlight.size - found.length)
      if (room <= 0) continue
      const letters = store.due(target, now, room + perTarget).filter(({ id }) => !inFlight.has(id))
      found.push(...letters.slice(0, room))
    }
    return found
  }
  /** Looks at what is due. To be called whenever something was put into the outbox. */
  function wake(): void {
    if (!running) return
    callOff?.()
    callOff = undefined
    try {
      const now = clock.now()
      const letters = ready(iso(now))
      if (letters.length > 0)
        log.commit(() => {
          for (const { id } of letters) store.begin(id)
        })
      for (const letter of letters) begin(letter)
      const next = store.earliest(iso(now))
      if (next !== null) callOff = clock.at(Math.min(Date.parse(next), now + longestWaitMs), wake)
    } catch (error) {
      report(error)
      callOff = clock.at(clock.now() + againMs, wake)
    }
  }
  return {
    wake,
    begin(): void {
      running = true
      wake()
    },
    /** Resolves when nothing is being sent any more; what was not delivered is sent at the next start. */
    async stop(): Promise<void> {
      running = false
      callOff?.()
      stopping.abort()
      await Promise.all([...inFlight.values()].map(({ done }) => done))
    },
  }
}
