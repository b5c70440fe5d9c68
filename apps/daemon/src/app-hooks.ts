import { createHookStore } from './domains/hooks/store.ts'
import { createOutboxStore } from './domains/outbox/store.ts'
import type { wireTasks } from './app-tasks.ts'
import type { WorkParts } from './app-parts.ts'
import { lazyRoom } from './lazy-room.ts'
import { machineClock } from './platform/clock.ts'
import { forgetWatch } from './platform/log-watch.ts'

/** Whose place in the logs the hooks' reader saves. */
const reader = 'hooks'

/** A part of the composition root: hooks, and the outbox that sends what they and others put into it. */
export function wireHooks(
  { stores, box, fetcher, processes, setting, stillGood, redact, reporter }: WorkParts,
  others: {
    readonly tasks: ReturnType<typeof wireTasks>
    secret(name: string): string | undefined
    workspace(): Promise<string>
  },
) {
  const report = reporter('hooks')
  const { tasks, secret, workspace } = others
  const { agents, chat, settings } = stores
  const logs = { chat: chat.log, agents: agents.log, settings: settings.log }
  const hooks = createHookStore(agents.db)
  const outbox = createOutboxStore(agents.db)
  let begun = false
  const room = lazyRoom(['hooks'], async () => {
    const [{ createHooksRoom, letterKind }, { createOutbox }] = await Promise.all([
      import('./domains/hooks/room.ts'),
      import('./domains/outbox/worker.ts'),
    ])
    const wake = () => worker.wake()
    const ports = { about: tasks.about, fireTask: tasks.fireFor, fetcher, processes, allowed: () => setting('tools.fetchAllow'), workspace, secret }
    const given = { db: agents.db, log: agents.log, logs, clock: machineClock, box, outbox, wake, stillGood, redact, report }
    const made = createHooksRoom(hooks, reader, { ...ports, ...given })
    const worker = createOutbox(outbox, { log: agents.log, clock: machineClock, senders: { [letterKind]: made.sender }, report })
    const begin = () => {
      made.begin()
      worker.begin()
    }
    if (begun) begin()
    return {
      handlers: made.handlers,
      async stop() {
        await made.stop()
        await worker.stop()
      },
    }
  })
  return {
    handlers: room.handlers,
    /** Pruned after `history.days`. */
    kept: [outbox],
    /** Takes up what an earlier daemon left, if it left anything. */
    begin(): void {
      begun = true
      const isAny = hooks.active().length > 0
      if (!isAny) forgetWatch(agents.db, agents.log.commit, reader)
      if (isAny || outbox.isWaiting()) room.load().catch(report)
    },
    stop: async () => (await room.loaded())?.stop(),
  }
}
