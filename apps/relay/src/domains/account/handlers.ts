import { Fault } from '@steward/contract'
import type { relayOperations } from '@steward/contract/relay'
import type { RelayHandlers } from '../../context.ts'
import type { Database, Queries } from '../../platform/database.ts'
import * as store from './store.ts'

type Names = Extract<keyof typeof relayOperations, `account.${string}`>
const settingsOf = async (queries: Queries, accountId: string) => {
  const row = await store.findSettings(queries, accountId)
  if (!row) throw new Fault('unauthenticated', 'Invalid token')
  return row
}

/** The account itself: a key pair and sealed settings, without a name or a face. */
export function accountHandlers({ queries }: Database): RelayHandlers<Names> {
  return {
    async 'account.profile'({ holder }) {
      const { accountId: id } = holder()
      const nothing = { firstName: null, lastName: null, username: null, avatar: null, github: null }
      return { id, timestamp: Date.now(), ...nothing, connectedServices: await store.connectedVendors(queries, id) }
    },
    async 'account.settings'({ holder }) {
      const { settings, version } = await settingsOf(queries, holder().accountId)
      return { settings, settingsVersion: version }
    },
    async 'account.saveSettings'({ write, holder }, { settings, expectedVersion }) {
      const { accountId: id } = holder()
      return write(async (tx) => {
        const current = await settingsOf(tx.db, id)
        if (current.version !== expectedVersion)
          return {
            success: false as const,
            error: 'version-mismatch' as const,
            currentVersion: current.version,
            currentSettings: current.settings,
          }
        const version = current.version + 1
        await store.saveSettings(tx.db, id, { settings, version }, tx.now)
        tx.emit({ t: 'update-account', body: { id, settings: { value: settings, version } } })
        return { success: true as const, version }
      })
    },
  }
}
