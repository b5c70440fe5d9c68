import { Fault } from '@steward/contract'
import type { FireRecord, FireStore } from './fire-store.ts'
import { endingOf, timedOut, type Failure, type Flow } from './flow.ts'
import type { TaskPorts } from './ports.ts'
import { createStarter, keyOf, ownerOf } from './start.ts'
import type { TaskStore } from './store.ts'

/** So many are being started at once. */
const lanes = 32
/** Idempotency keys are kept for a day; one hour less, so that what is asked is still answered. */
const keysHoldMs = 23 * 3_600_000
const againMs = 1_000
const page = 500
/** The calls of fires: each is made once, noted, and followed to its end. `wake` is called when a fire may be due sooner. */
export function createFires(tasks: TaskStore, fires: FireStore, flow: Flow, ports: TaskPorts, wake: () => void) {
  const { log, clock, report } = ports
  const start = createStarter(ports)
  const underWay = new Map<string, Promise<void>>()
  const waiting = new Set<string>()
  /** By the id of a run or execution, the fire that waits for its end. */
  const followed = new Map<string, string>()
  let working = 0
  let stopped = false
  /** Whether there may be fires that are written down, and that nobody here knows of. */
  let unsure = true
  let deaf = (): void => undefined

  const failureOf = (error: unknown): Failure => {
    if (!(error instanceof Fault)) {
      report(error)
      return { error: { code: 'internal', message: 'It could not be started; the log says why.' }, isFinal: false }
    }
    return { error: { code: error.code, message: error.message }, isFinal: !error.retryable && error.code !== 'internal' }
  }
  const end = async (fire: FireRecord, how: Parameters<Flow['end']>[2]): Promise<void> => {
    const begun = log.commit((emit) => flow.end(emit, fire, how, clock.now()))
    await log.durable()
    for (const id of begun) enqueue(id)
    if ('error' in how) wake()
  }
  const outsideOf = ({ runId, executionId }: FireRecord): string | null => runId ?? executionId
  const standingOf = ({ runId, executionId }: FireRecord) =>
    runId !== null ? ports.run(runId) : executionId === null ? undefined : ports.execution(executionId)
  /** Ends a fire whose run or execution has ended; else it is heard of later. */
  const look = async (id: string): Promise<void> => {
    const fire = fires.find(id)
    const outside = fire && outsideOf(fire)
    if (!fire || (fire.status !== 'running' && fire.status !== 'interrupted') || !outside) return
    const standing = standingOf(fire)
    const how = endingOf(fire, standing)
    if (!how) {
      followed.set(outside, id)
      const status = standing?.status === 'interrupted' ? ('interrupted' as const) : ('running' as const)
      if (status !== fire.status) log.commit((emit) => flow.rest(emit, fire, status))
      return
    }
    followed.delete(outside)
    await end(fire, how)
  }
  /** Looks, and again while a disk refuses what is to be written. */
  const lookUntilTold = (id: string): Promise<void> =>
    look(id).catch((error: unknown) => {
      report(error, { fireId: id })
      if (!stopped) clock.at(clock.now() + againMs, () => void lookUntilTold(id))
    })
  const isTooOld = (fire: FireRecord) => fire.startedAt !== null && clock.now() - Date.parse(fire.startedAt) > keysHoldMs
  const carry = async (id: string): Promise<void> => {
    const fire = fires.find(id)
    const task = fire && tasks.find(fire.taskId)
    if (!fire || !task || fire.status !== 'starting') return
    if (isTooOld(fire)) {
      const message = 'Steward was stopped for more than a day while this was being started. Whether it began is not known, so it is not done again.'
      await end(fire, { error: { code: 'unknown', message }, isFinal: true })
      return
    }
    let made
    try {
      made = await start(task, fire)
    } catch (error) {
      // While a disk refuses, the call is made again by and by, with the same key.
      if (error instanceof Fault && error.code === 'unavailable') throw error
      await end(fire, failureOf(error))
      return
    }
    if (log.commit(() => flow.note(task, fire, made, clock.now()))) await lookUntilTold(id)
    if (task.timeoutMs !== null) wake()
  }
  function launch(id: string): Promise<void> {
    const known = underWay.get(id)
    if (known) return known
    waiting.delete(id)
    const work = carry(id)
      .catch((error: unknown) => {
        report(error, { fireId: id })
        unsure = true
        if (!stopped) clock.at(clock.now() + againMs, wake)
      })
      .finally(() => underWay.delete(id))
    underWay.set(id, work)
    return work
  }
  function enqueue(id: string): void {
    if (underWay.has(id)) return
    waiting.add(id)
    if (working < lanes) lane().catch(report)
  }
  async function lane(): Promise<void> {
    working++
    try {
      for (const id of waiting) {
        if (stopped) return
        await launch(id)
      }
    } finally {
      working--
    }
  }
  const everyOf = (status: FireRecord['status'], work: (fire: FireRecord) => void): void => {
    let after = 0
    for (;;) {
      const found = fires.inStatus(status, after, page)
      for (const fire of found) work(fire)
      const last = found.at(-1)
      if (!last || found.length < page) return
      after = last.seq
    }
  }
  const cancel = (fire: FireRecord): void => {
    const task = tasks.find(fire.taskId)
    const outside = outsideOf(fire)
    if (!task || outside === null) return
    const operation = fire.runId === null ? 'executions.cancel' : 'runs.cancel'
    ports
      .call(ownerOf(task), operation, { id: outside }, { key: `${keyOf(fire)}:cancel` })
      .then(() => lookUntilTold(fire.id))
      .catch((error: unknown) => report(error, { fireId: fire.id }))
  }
  return {
    launch,
    enqueue,
    /** Begins to hear of ends, and looks at all that was at work when the last daemon ended. */
    watch(): void {
      deaf = ports.listen((outside) => {
        const id = followed.get(outside)
        if (id === undefined || stopped) return
        followed.delete(outside)
        void lookUntilTold(id)
      })
      for (const status of ['running', 'interrupted'] as const)
        everyOf(status, (fire) => {
          void lookUntilTold(fire.id)
          if (fire.error?.code === timedOut) cancel(fire)
        })
    },
    doubt: () => void (unsure = true),
    /** Takes up fires that were written down and whose deed is not noted: after a crash, or where the disk had refused. */
    takeUp(): void {
      if (!unsure) return
      unsure = false
      everyOf('starting', ({ id }) => enqueue(id))
    },
    /** Cancels what has run for longer than it may. */
    expire(expired: readonly FireRecord[]): void {
      if (expired.length === 0) return
      log.commit(() => {
        for (const { id } of expired) fires.expire(id, { code: timedOut, message: 'It took longer than the task allows, and was cancelled.' })
      })
      for (const fire of expired) cancel(fire)
    },
    async stop(): Promise<void> {
      stopped = true
      waiting.clear()
      deaf()
      await Promise.all(underWay.values())
    },
  }
}
