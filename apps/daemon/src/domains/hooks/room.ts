import { Fault } from '@steward/contract'
import type { Delivery, Hook, HookAction } from '@steward/contract/daemon'
import { holds, type Caller } from '@steward/kernel'
import { matches } from '../../engine/reactions/match.ts'
import type { RoomHandlers } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { checkEvent, createLogWatch, toWire } from '../../platform/log-watch.ts'
import { decodePage, decodePlace, encodePage, wrongCursor } from '../../platform/page.ts'
import type { Emit } from '../../platform/storage/event-log.ts'
import { newWebhookSecret } from '../../platform/webhook-signature.ts'
import type { HookPorts, Payload } from './ports.ts'
import { callerOf, createActions, namesSecret, secretName } from './send.ts'
import { toHook, type HookRecord, type HookStore } from './store.ts'

/** What the outbox calls a delivery of a hook. */
export const letterKind = 'hook'
type Letter = NonNullable<ReturnType<HookPorts['outbox']['find']>>
const toDelivery = ({ id, target, subject, status, attempts, error, nextAt, createdAt, finishedAt }: Letter): Delivery => ({
  id,
  hookId: target,
  event: subject as Delivery['event'],
  status,
  attempts,
  error,
  nextAt,
  createdAt,
  finishedAt,
})
/** Hooks: what is done on events of the logs, by letters in the outbox. A letter and the reader's place are one transaction, so no event is lost or comes twice. */
export function createHooksRoom(hooks: HookStore, reader: string, ports: HookPorts) {
  const { db, log, logs, clock, box, outbox, wake, about, redact, report } = ports
  const act = createActions(ports)
  const now = () => new Date(clock.now()).toISOString()
  let known: readonly HookRecord[] | undefined
  const active = () => (known ??= hooks.active())
  const put = (hook: HookRecord, payload: Payload): string => {
    const id = newId('dlv')
    const subject = { id: payload.event.id, name: payload.event.name }
    outbox.insert({ id, kind: letterKind, target: hook.id, subject, payload, createdAt: now() })
    return id
  }
  const watch = createLogWatch({
    db,
    commit: log.commit,
    logs,
    consumer: reader,
    report,
    wants: (name) => active().some(({ on }) => on.events.includes(name)),
    async react(found) {
      const letters: { hook: HookRecord; payload: Payload }[] = []
      for (const event of found) {
        const of = await about(event)
        const met = active().filter(({ on, since }) => since[event.log] < event.seq && matches(on, event, of))
        letters.push(...met.map((hook) => ({ hook, payload: { event: toWire(event), ...of } })))
      }
      if (letters.length === 0) return undefined
      return {
        write() {
          for (const { hook, payload } of letters) if (hooks.find(hook.id)?.active === true) put(hook, payload)
        },
        after: wake,
      }
    },
  })
  let begun = false
  /** Reads again which hooks there are, and follows the logs when there are any. */
  const refresh = (): void => {
    known = undefined
    if (begun && active().length > 0) watch.start()
  }
  const need = (id: string): HookRecord => {
    const hook = hooks.find(id)
    if (!hook) throw new Fault('not_found', `There is no hook ${id}.`)
    return hook
  }
  const may = (caller: Caller, scope: string, why: string): void => {
    if (!holds(caller.scopes, scope)) throw new Fault('forbidden', `${why} needs the scope ${scope}, which this credential does not hold.`)
  }
  const check = ({ on, action }: Pick<Hook, 'on' | 'action'>, caller: Caller): void => {
    may(caller, 'events:read', 'A hook is told of events, which')
    if (action.kind === 'task') may(caller, 'tasks:write', 'A hook that starts a task')
    if ((action.kind === 'command' || namesSecret(action)) && caller.kind !== 'owner')
      throw new Fault('forbidden', `Only the owner may make a hook that ${action.kind === 'command' ? 'runs a command' : 'uses a secret'}.`)
    for (const name of on.events) checkEvent(name)
    if (JSON.stringify(redact(action)) !== JSON.stringify(action))
      throw new Fault('unprocessable', 'action: It holds a secret, which would be kept in clear; write {{secrets.NAME}} in a header instead.')
  }
  const tell = (emit: Emit, record: HookRecord, change: 'created' | 'updated' | 'rotated'): Hook => {
    const hook = toHook(record)
    emit('hook.changed', { hookId: record.id, change, hook })
    return hook
  }
  const owned = (caller: Caller) => ({ owner: caller.id, ownerKind: caller.kind, scopes: caller.scopes })
  const sealed = (id: string, secret: string) => box.seal(secretName(id), secret)
  const handlers = {
    async 'hooks.create'({ commit, caller }, given) {
      check(given, caller)
      const id = newId('hook')
      const at = now()
      const made = commit((emit) => {
        const record = { id, ...given, ...owned(caller), secret: sealed(id, newWebhookSecret()), since: watch.arm(), createdAt: at, updatedAt: at }
        hooks.insert(record)
        return tell(emit, record, 'created')
      })
      refresh()
      return made
    },
    async 'hooks.get'(_context, { id }) {
      return toHook(need(id))
    },
    async 'hooks.list'(_context, { limit, cursor }) {
      const found = hooks.list(cursor === undefined ? undefined : placeOf(cursor), limit)
      const items = found.slice(0, limit).map(toHook)
      const last = items.at(-1)
      return { items, nextCursor: found.length > limit && last ? encodePage({ id: last.id }) : null }
    },
    async 'hooks.update'({ commit, caller }, { id, ...given }) {
      const before = need(id)
      const { name = before.name, on = before.on, action = before.action, active: isActive = before.active } = given
      check({ on, action }, caller)
      const changed = commit((emit) => {
        const since = before.active ? before.since : watch.arm()
        const record = { ...before, name, on, action: action as HookAction, active: isActive, ...owned(caller), since, updatedAt: now() }
        hooks.update(record)
        if (!isActive) outbox.drop(id, now())
        return tell(emit, record, 'updated')
      })
      refresh()
      return changed
    },
    async 'hooks.delete'({ commit }, { id }) {
      need(id)
      commit((emit) => {
        hooks.remove(id)
        outbox.remove(id)
        emit('hook.changed', { hookId: id, change: 'deleted', hook: null })
        return null
      })
      refresh()
      return null
    },
    async 'hooks.test'({ commit }, { id }) {
      const hook = need(id)
      const [name = 'task.completed'] = hook.on.events
      const event = { id: 'evt_test', name, at: now(), data: { test: true, status: 'completed' } }
      const delivery = commit(() => {
        const letter = outbox.find(put(hook, { event, taskId: null, taskName: null, agentId: null, chain: [] }))
        if (!letter) throw new Fault('unavailable', 'The delivery could not be written.')
        return toDelivery(letter)
      })
      wake()
      return delivery
    },
    async 'hooks.deliveries'(_context, { id, status, limit, cursor }) {
      need(id)
      const found = outbox.list(id, status, cursor === undefined ? Number.MAX_SAFE_INTEGER : decodePage(cursor, 'seq'), limit)
      const last = found.slice(0, limit).at(-1)
      return { items: found.slice(0, limit).map(toDelivery), nextCursor: found.length > limit && last ? encodePage({ seq: last.seq }) : null }
    },
    async 'hooks.rotateSecret'({ commit }, { id }) {
      const before = need(id)
      const secret = newWebhookSecret()
      return commit((emit) => {
        const record = { ...before, secret: sealed(id, secret), updatedAt: now() }
        hooks.update(record)
        tell(emit, record, 'rotated')
        return { secret }
      })
    },
  } satisfies RoomHandlers
  return {
    handlers,
    /** What the outbox does with a letter of a hook. */
    sender: {
      async send({ id, target, payload }: { id: string; target: string; payload: unknown }, signal: AbortSignal) {
        const hook = hooks.find(target)
        if (!hook?.active) return { ok: false as const, error: 'The hook is off.', cancelled: true }
        try {
          ports.stillGood(callerOf(hook))
        } catch (error) {
          if (error instanceof Fault) return { ok: false as const, error: error.message, cancelled: true }
          throw error
        }
        return act({ id, hook, payload: payload as Payload }, signal)
      },
      gaveUp(emit: Emit, { id, target, attempts }: { id: string; target: string; attempts: number }, error: string) {
        emit('hook.failed', { hookId: target, deliveryId: id, attempts: attempts + 1, error })
      },
    },
    begin(): void {
      begun = true
      refresh()
    },
    stop: watch.close,
  }
}
function placeOf(cursor: string): string {
  const { id } = decodePlace(cursor)
  if (typeof id === 'string') return id
  throw wrongCursor()
}
