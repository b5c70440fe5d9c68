import { Fault } from '@steward/contract'
import type { relayOperations } from '@steward/contract/relay'
import type { RelayHandlers } from '../../context.ts'
import { bytesOf } from '../../platform/keys.ts'
import { exportAccount } from './export.ts'
import { removeAccount, type AccountRemovalPorts } from './removal.ts'
import { closeAccount, publicKeyOf } from './removal-store.ts'

export interface PortabilityPorts extends AccountRemovalPorts {
  /** Refuses an account that exports too often. Throws Fault `too_many`. */
  limitExports(accountId: string): Promise<void>
  /** Hears of what kept a removal from its end. */
  report(error: unknown): void
}
type Names = Extract<keyof typeof relayOperations, `accounts.${string}`>

/** An account leaves, with all it has or for good. */
export function portabilityHandlers(ports: PortabilityPorts): RelayHandlers<Names> {
  const { database, blobs, ended } = ports
  return {
    async 'accounts.export'({ holder, attach }) {
      const { accountId } = holder()
      await ports.limitExports(accountId)
      attach(() => exportAccount(database, blobs, accountId))
      return { mediaType: 'application/x-ndjson', name: `account-${accountId}.ndjson` }
    },
    async 'accounts.delete'({ holder, write }, { confirm }) {
      const { accountId } = holder()
      await write(async ({ db, now }) => {
        const publicKey = await publicKeyOf(db, accountId)
        if (publicKey === undefined || (confirm.toLowerCase() !== publicKey && bytesOf(confirm, 32)?.toString('hex') !== publicKey))
          throw new Fault(
            'invalid',
            'To remove the account for good, set `confirm` to its public key (GET /v1/auth/me tells it). Nothing was removed.',
          )
        await closeAccount(db, accountId, now)
      })
      ended(accountId)
      try {
        await removeAccount(ports, accountId, new AbortController().signal)
        return { success: true, pending: false }
      } catch (error) {
        ports.report(error)
        return { success: true, pending: true }
      }
    },
  }
}
