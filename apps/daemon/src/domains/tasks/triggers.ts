import { matches, type About } from '../../engine/reactions/match.ts'
import type { Happening } from '../../engine/types.ts'
import { checkEvent, createLogWatch, toWire } from '../../platform/log-watch.ts'
import type { Database } from '../../platform/storage/database.ts'
import type { FindAbout } from './about.ts'
import type { FireStore } from './fire-store.ts'
import type { Flow } from './flow.ts'
import type { TaskPorts } from './ports.ts'
import type { TaskRecord, TaskStore } from './store.ts'

export interface TriggerParts {
  readonly db: Database
  /** Whose place in the logs is saved. */
  readonly reader: string
  readonly tasks: TaskStore
  readonly fires: Pick<FireStore, 'inStatus' | 'find'>
  readonly flow: Pick<Flow, 'take'>
  readonly about: FindAbout
  /** Does the deed of a fire; resolves when that is noted. */
  launch(fireId: string): Promise<void>
  /** The same, when there is room. */
  enqueue(fireId: string): void
}
/**
 * Fires tasks on events of the logs. A fire and the reader's place are one transaction, and a fire is named by its event: once for each event,
 * also after a crash. What a task's own fires have caused does not set it off, nor does what they have set off.
 */
export function createTriggers({ db, reader, tasks, fires, flow, about, launch, enqueue }: TriggerParts, ports: TaskPorts) {
  let listening: readonly TaskRecord[] | undefined
  const all = () => (listening ??= tasks.listening())
  const meets = (task: TaskRecord, event: Happening, of: About): boolean =>
    task.status !== 'paused' &&
    task.since !== null &&
    task.since[event.log] < event.seq &&
    !of.chain.includes(task.id) &&
    task.triggers.some((trigger) => trigger.kind === 'event' && matches(trigger, event, of))
  /** Waits until it is noted what every fire that has begun has started: only then can be told whose doing an event is. */
  const noted = async (): Promise<void> => {
    const begun = fires.inStatus('starting', 0, 1_000).map(({ id }) => id)
    await Promise.all(begun.map(launch))
    if (begun.some((id) => fires.find(id)?.status === 'starting')) throw new Error('A fire has begun, and what it has started cannot be noted.')
  }
  const watch = createLogWatch({
    db,
    commit: ports.log.commit,
    logs: ports.logs,
    consumer: reader,
    wants: (name) => all().some(({ triggers }) => triggers.some((trigger) => trigger.kind === 'event' && trigger.events.includes(name))),
    report: ports.report,
    async react(found) {
      await noted()
      const sparks = found.flatMap((event) => {
        const of = about(event)
        return all().flatMap((task) => (meets(task, event, of) ? [{ event, chain: of.chain, id: task.id }] : []))
      })
      if (sparks.length === 0) return undefined
      const begun: string[] = []
      return {
        write(emit) {
          for (const { event, chain, id } of sparks) {
            const task = tasks.find(id)
            if (!task) continue
            const spark = { key: event.id, input: { event: toWire(event) as never }, chain }
            const taken = flow.take(emit, task, 'event', Date.parse(event.at), ports.clock.now(), spark)
            if (taken?.fate === 'start') begun.push(taken.id)
          }
        },
        async after() {
          await ports.log.durable()
          for (const id of begun) enqueue(id)
        },
      }
    },
  })
  let begun = false
  const refresh = (): void => {
    listening = undefined
    if (begun && all().length > 0) watch.start()
  }
  return {
    noted,
    /** Refuses events that there are not. Throws Fault `unprocessable`. */
    check(triggers: TaskRecord['triggers']): void {
      for (const trigger of triggers) if (trigger.kind === 'event') for (const name of trigger.events) checkEvent(name)
    },
    /** From now on. A part of the commit that makes a task which events set off. */
    arm: watch.arm,
    /** Reads again which tasks events set off, and follows the logs when there are any. */
    refresh,
    begin(): void {
      begun = true
      refresh()
    },
    close: watch.close,
  }
}
export type Triggers = ReturnType<typeof createTriggers>
