import type { Call } from '@steward/kernel'
import { createAppStates } from './domains/presence/app-states.ts'
import { presenceEvents } from './domains/presence/events.ts'
import { createLives } from './domains/presence/lives.ts'
import { createMachineSockets } from './domains/presence/machine-sockets.ts'
import type { Kind } from './domains/presence/store.ts'
import type { Parts } from './parts.ts'

/** The room of signs of life. */
export function openPresence({ config, database, bus, directory, nodes, connections, signal, withLock, watch, report }: Parts) {
  const times = config.presence
  const lives = createLives({
    database,
    times,
    count: watch.count,
    tell: (kind, { accountId, id, active, at, thinking }) =>
      signal({
        accountId,
        event: 'ephemeral',
        payload:
          kind === 'sessions' ? { type: 'activity', id, active, activeAt: at, thinking } : { type: 'machine-activity', id, active, activeAt: at },
      }),
  })
  const machineTold = (accountId: string, id: string, active: boolean, at = Date.now()) =>
    signal({ accountId, event: 'ephemeral', payload: { type: 'machine-activity', id, active, activeAt: at } })
  const appStates = createAppStates({ node: bus.node, directory, nodes: nodes.all })
  const machineSockets = createMachineSockets({
    node: bus.node,
    directory,
    connections,
    tell: machineTold,
    report: (error) => report(error, 'machine-sockets'),
  })
  const clocks: NodeJS.Timeout[] = []
  let keeping: Promise<void> | undefined
  const keep = () => (keeping ??= lives.keepAll().finally(() => (keeping = undefined)))
  const changed = (kind: Kind, accountId: string, id: string) => bus.publish('life', { kind, accountId, id })
  const every = (ms: number, what: string, work: () => Promise<unknown>) =>
    void clocks.push(setInterval(() => void work().catch((error: unknown) => report(error, what)), ms).unref())
  return {
    events: (call: Call) => [...presenceEvents(call, lives, times.silentMs), appStates.event],
    guests: [machineSockets, appStates.guest],
    /** A session is over, or gone: signs of life that are still on their way count for nothing for a minute. */
    sessionEnded(accountId: string, id: string) {
      lives.mute('sessions', accountId, id)
      changed('sessions', accountId, id)
    },
    /** A session counts again. */
    sessionBegun(accountId: string, id: string) {
      lives.forget('sessions', accountId, id)
      changed('sessions', accountId, id)
    },
    machineAlive: (accountId: string, id: string, at: number) => machineTold(accountId, id, true, at),
    /** A machine is new or gone. */
    machineChanged(accountId: string, id: string) {
      lives.forget('machines', accountId, id)
      changed('machines', accountId, id)
    },
    appActive: appStates.isActive,
    start() {
      bus.on('life', ({ kind, accountId, id }) => lives.forget(kind, accountId, id))
      every(times.keepEveryMs, 'signs-of-life', keep)
      // What this node has not kept yet must not look silent.
      every(times.sweepEveryMs, 'sweep-presence', () => withLock('sweep-presence', 30_000, (lost) => keep().then(() => lives.sweep(lost))))
    },
    async stop() {
      for (const clock of clocks) clearInterval(clock)
      await keep().catch((error: unknown) => report(error, 'signs-of-life'))
    },
  }
}
