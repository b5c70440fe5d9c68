import type { Emit } from '../../platform/storage/event-log.ts'
import { createFires } from './launch.ts'
import type { FireStore } from './fire-store.ts'
import type { Flow } from './flow.ts'
import type { TaskPorts } from './ports.ts'
import type { TaskStore } from './store.ts'
import { iso } from './when.ts'

/** So many tasks are taken up in one commit. */
const atOnce = 200
/** A timer counts elapsed time: it is looked at the wall clock again after so long, which may have been set meanwhile, or slept. */
const longestWaitMs = 60_000
/** After a disk that refused. */
const againMs = 1_000

/**
 * The clock of all tasks: one timer for whatever comes next, none where nothing does. What is due is written down, a page in one commit, and
 * done when that is durable: a crash before it leaves the task due, a crash after it a fire that is taken up by its key.
 */
export function createLoop(tasks: TaskStore, fires: FireStore, flow: Flow, ports: TaskPorts) {
  const { log, clock, report } = ports
  let running = false
  let callOff: (() => void) | undefined
  let turning: Promise<void> | undefined
  let again = false
  const launcher = createFires(tasks, fires, flow, ports, () => wake())

  const commit = (work: (emit: Emit) => string[]): string[] => log.commit(work)
  /** Takes up whatever is due now. */
  async function turn(): Promise<void> {
    for (;;) {
      const now = clock.now()
      const at = iso(now)
      const [falling, retrying, expired] = [tasks.due(at, atOnce), fires.retries(at, atOnce), fires.expired(at, atOnce)]
      if (falling.length + retrying.length + expired.length === 0) return
      const begun = commit((emit) => [
        ...falling.flatMap((task) => flow.fall(emit, task, now)),
        ...retrying.flatMap((fire) => {
          const task = tasks.find(fire.taskId)
          return task ? [flow.begin(emit, task, fire.id, now)] : []
        }),
      ])
      launcher.expire(expired)
      await log.durable()
      for (const id of begun) launcher.enqueue(id)
    }
  }
  function arm(failed: boolean): void {
    callOff?.()
    callOff = undefined
    if (!running) return
    const now = clock.now()
    const next = failed ? [now + againMs] : [tasks.earliest(), fires.earliest()].flatMap((at) => (at === null ? [] : [Date.parse(at)]))
    if (next.length > 0) callOff = clock.at(Math.min(...next, now + longestWaitMs), wake)
  }
  /** Looks at what is due. To be called whenever something may have become due sooner. */
  function wake(): void {
    if (!running) return
    if (turning) {
      again = true
      return
    }
    let failed = false
    turning = turn()
      .then(() => launcher.takeUp())
      .catch((error: unknown) => {
        failed = true
        launcher.doubt()
        report(error)
      })
      .finally(() => {
        turning = undefined
        const once = again
        again = false
        try {
          arm(failed)
        } catch (error) {
          report(error)
          if (running) callOff = clock.at(clock.now() + againMs, wake)
        }
        if (once && !failed) wake()
      })
  }
  return {
    wake,
    /** Does the deed of a fire, once. Resolves when that is noted; never rejects. */
    launch: launcher.launch,
    /** The same, when there is room. */
    enqueue: launcher.enqueue,
    /** Begins to watch the clock, and takes up what an earlier daemon left. */
    begin(): void {
      if (running) return
      running = true
      launcher.watch()
      wake()
    },
    /** Resolves when nothing is being done any more; what was begun is taken up at the next start. */
    async stop(): Promise<void> {
      running = false
      callOff?.()
      await turning
      await launcher.stop()
    },
  }
}
export type Loop = ReturnType<typeof createLoop>
