import { Fault } from '@steward/contract'
import { isSessionId, type StoredTask, type Task } from '@steward/contract/daemon'
import { firesOf } from '../../engine/schedule/plan.ts'
import { decodePage, decodePlace, encodePage, wrongCursor } from '../../platform/page.ts'
import type { RoomHandlers } from '../../platform/context.ts'
import type { Database } from '../../platform/storage/database.ts'
import type { FindAbout } from './about.ts'
import { createChanges } from './changes.ts'
import { toFire, type FireStore } from './fire-store.ts'
import { createFlow } from './flow.ts'
import { createLoop } from './loop.ts'
import type { TaskPorts } from './ports.ts'
import { createSteering } from './steering.ts'
import type { SessionTasks, TaskPatch } from './session-tasks.ts'
import { toTask, type TaskRecord, type TaskStore } from './store.ts'
import { createTriggers } from './triggers.ts'
import { createWebhooks } from './webhooks.ts'
import { iso, planOf, sound } from './when.ts'

/** Sorts after every id. */
const lastId = '~'
const storedStatus: ReadonlySet<string> = new Set<StoredTask['status']>(['active', 'paused', 'ended'])
const isOfStored = (status: string): status is StoredTask['status'] => storedStatus.has(status)
export interface TasksRoomParts {
  readonly db: Database
  /** Whose place in the logs is saved. */
  readonly reader: string
  readonly tasks: TaskStore
  readonly fires: FireStore
  readonly about: FindAbout
  /** The views of sessions. */
  readonly sessions: SessionTasks
}
/** Tasks: the views of sessions, and stored ones that fire by the clock, on events, on webhooks or when told. */
export function createTasksRoom({ db, reader, tasks, fires, about, sessions }: TasksRoomParts, ports: TaskPorts) {
  const { clock } = ports
  const flow = createFlow(tasks, fires)
  const loop = createLoop(tasks, fires, flow, ports)
  const triggers = createTriggers({ db, reader, tasks, fires, flow, about, launch: loop.launch, enqueue: loop.enqueue }, ports)
  const webhooks = createWebhooks({ tasks, fires, flow, enqueue: loop.enqueue }, ports)
  const need = (id: string): TaskRecord => {
    const record = tasks.find(id)
    if (record) return record
    if (isSessionId(id)) {
      sessions.get(id)
      throw new Fault(
        'unprocessable',
        `The task ${id} is the view of a session: it can be read, changed, cancelled and steered; the rest is done to the session.`,
      )
    }
    throw new Fault('not_found', `There is no task ${id}.`)
  }
  const { update, ...changing } = createChanges({ tasks, fires, flow, loop, triggers, webhooks, need }, ports)
  const { fireFor, ...steering } = createSteering({ fires, flow, loop, sessions, need }, ports)
  const stored = (status: StoredTask['status'] | undefined, cursor: string | undefined, limit: number) => {
    const found = tasks.list(status, cursor === undefined ? lastId : placeOf(cursor), limit)
    const items = found.slice(0, limit).map(toTask)
    const last = items.at(-1)
    return { items, nextCursor: found.length > limit && last ? encodePage({ id: last.id }) : null }
  }
  const handlers = {
    ...changing,
    ...steering,
    async 'tasks.get'(_context, { id }) {
      return isSessionId(id) ? sessions.get(id) : toTask(need(id))
    },
    async 'tasks.update'(context, { id, settings, ...patch }) {
      const fields = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
      const [named] = Object.keys(fields)
      if (!isSessionId(id)) {
        if (settings !== undefined)
          throw new Fault('invalid', 'settings: Only the task of a session has settings; name the fields of this one themselves.')
        return update(context, id, fields)
      }
      if (named !== undefined) throw new Fault('invalid', `${named}: The task of a session has no such field; it is changed by its settings.`)
      if (settings === undefined) throw new Fault('invalid', 'settings: Say which settings of the task are to be changed.')
      return sessions.update(context, id, settings as TaskPatch)
    },
    async 'tasks.list'(_context, { kind, status, limit, cursor }) {
      const { at, of } = cursor === undefined ? { at: '', of: 'stored' } : sectionOf(cursor)
      const from = at === '' ? undefined : at
      const items: Task[] = []
      if (kind !== 'session' && of === 'stored' && (status === undefined || isOfStored(status))) {
        const found = stored(status, from, limit)
        items.push(...found.items)
        if (found.nextCursor !== null) return { items, nextCursor: encodePage({ of: 'stored', at: found.nextCursor }) }
      }
      if (kind === 'stored' || (status !== undefined && isOfStored(status))) return { items, nextCursor: null }
      if (items.length === limit) return { items, nextCursor: encodePage({ of: 'session', at: '' }) }
      const found = sessions.list(status, of === 'session' ? from : undefined, limit - items.length)
      return {
        items: [...items, ...found.items],
        nextCursor: found.nextCursor === null ? null : encodePage({ of: 'session', at: found.nextCursor }),
      }
    },
    async 'tasks.preview'(_context, { id, schedule, quietHours, after, count }) {
      const plan = sound(() => {
        if (schedule) return planOf({ id: '', schedule, quietHours: quietHours ?? null, jitterMs: 0 })
        return planOf(need(id ?? ''))
      })
      const from = after === undefined ? clock.now() : Date.parse(after)
      return { fires: plan === null ? [] : firesOf(plan, from, count).map(iso) }
    },
    async 'tasks.runs'(_context, { id, limit, cursor }) {
      need(id)
      const found = fires.list(id, cursor === undefined ? Number.MAX_SAFE_INTEGER : decodePage(cursor, 'seq'), limit)
      const last = found.slice(0, limit).at(-1)
      return { items: found.slice(0, limit).map(toFire), nextCursor: found.length > limit && last ? encodePage({ seq: last.seq }) : null }
    },
  } satisfies RoomHandlers
  return {
    handlers,
    receive: webhooks.receive,
    /** Resolves when it is noted what every fire that has begun has started. */
    noted: triggers.noted,
    fireFor,
    /** Begins to watch the clock and the logs, and takes up what an earlier daemon left. */
    begin(): void {
      loop.begin()
      triggers.begin()
    },
    /** Resolves when nothing is being done any more; what was begun is taken up at the next start. */
    async stop(): Promise<void> {
      await triggers.close()
      await loop.stop()
    },
  }
}
function placeOf(cursor: string): string {
  const { id } = decodePlace(cursor)
  if (typeof id === 'string') return id
  throw wrongCursor()
}
function sectionOf(cursor: string): { of: 'stored' | 'session'; at: string } {
  const { of, at } = decodePlace(cursor)
  if ((of === 'stored' || of === 'session') && typeof at === 'string') return { of, at }
  throw wrongCursor()
}
