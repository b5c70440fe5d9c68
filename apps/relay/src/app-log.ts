import { createHub, type Hub } from './changes/hub.ts'
import type { Numbered } from './changes/log.ts'
import { changesAfter, extentOf } from './changes/log.ts'
import { readHeads } from './changes/heads.ts'
import { changeHandlers } from './domains/changes/handlers.ts'
import type { SocketDoor } from './doors/socket.ts'
import type { Bus } from './platform/bus.ts'
import type { Database } from './platform/database.ts'
import type { NodeSignals } from './signals.ts'
import type { Watch } from './watch.ts'

const pageOfReplay = 200
/** How often a node asks where the logs of its accounts are: hints of other nodes may be lost. */
const headsEveryMs = 2_000

/** Brings the change log to the sockets of this node, and tells other nodes how far it goes. */
export function openLog(database: Database, bus: Bus<NodeSignals>, watch: Pick<Watch, 'told'>, report: (error: unknown) => void) {
  let hub: Hub | undefined
  const readHeadsNow = async () => {
    if (hub === undefined) return
    for (const { id, seq } of await readHeads(database.queries, hub.accounts())) hub.hinted(id, seq)
  }
  let asking: Promise<void> | undefined
  const ask = () =>
    void (asking ??= readHeadsNow()
      .catch(report)
      .finally(() => (asking = undefined)))
  let clock: NodeJS.Timeout | undefined
  return {
    handlers: changeHandlers(database),
    committed(accountId: string, changes: readonly Numbered[]) {
      hub?.committed(accountId, changes)
      const last = changes.at(-1)
      if (bus.clustered && last) bus.publish('changes', { accountId, seq: last.update.seq })
    },
    open(door: SocketDoor) {
      hub = createHub({
        read: (accountId, after) => changesAfter(database.queries, accountId, after, pageOfReplay),
        extent: (accountId) => extentOf(database.queries, accountId),
        tell(accountId, change) {
          door.tell(accountId, change)
          watch.told(Math.max(0, Date.now() - change.update.createdAt))
        },
        full: door.full,
        report,
      })
      door.open(hub)
      bus.on('changes', ({ accountId, seq }) => hub?.hinted(accountId, seq))
      bus.onReconnect(ask)
      if (bus.clustered) clock = setInterval(ask, headsEveryMs)
    },
    close() {
      clearInterval(clock)
      hub?.close()
    },
  }
}
