import { Fault } from '@steward/contract'
import { vendors, type relayOperations } from '@steward/contract/relay'
import type { AccountTx } from '../../changes/lane.ts'
import type { RelayHandlers } from '../../context.ts'
import type { Database } from '../../platform/database.ts'
import type { Sealer } from '../../platform/secrets.ts'
import * as store from './store.ts'

type Names = Extract<keyof typeof relayOperations, `vendors.${string}`>
/** A token opens only in the place it was sealed for: not in another account, nor as another vendor's. */
const placeOf = (accountId: string, vendor: string) => `vendor ${accountId} ${vendor}`
const tell = async (tx: AccountTx) => {
  const connectedServices = (await store.listTokens(tx.db, tx.accountId)).map(({ vendor }) => vendor)
  tx.emit({ t: 'update-account', body: { id: tx.accountId, connectedServices } })
}

/** Tokens of model vendors, sealed where they are kept. One that was sealed under another master secret counts as not there. */
export function vendorHandlers({ queries }: Database, sealer: Pick<Sealer, 'seal' | 'open'>): RelayHandlers<Names> {
  return {
    async 'vendors.register'({ write, holder }, { vendor, token }) {
      const { accountId: account_id } = holder()
      const sealed = sealer.seal(placeOf(account_id, vendor), token)
      await write(async (tx) => {
        const known = await store.findToken(tx.db, account_id, vendor)
        await store.saveToken(tx.db, { account_id, vendor, sealed, updated_at: tx.now })
        if (known === undefined) await tell(tx)
      })
      return { success: true }
    },
    async 'vendors.token'({ holder }, { vendor }) {
      const { accountId } = holder()
      const sealed = await store.findToken(queries, accountId, vendor)
      return { token: sealed === undefined ? null : (sealer.open(placeOf(accountId, vendor), sealed) ?? null) }
    },
    async 'vendors.tokens'({ holder }) {
      const { accountId } = holder()
      const rows = await store.listTokens(queries, accountId)
      return {
        tokens: rows.flatMap(({ vendor, sealed }) => {
          const token = sealer.open(placeOf(accountId, vendor), sealed)
          return token === undefined ? [] : [{ vendor, token }]
        }),
      }
    },
    async 'vendors.remove'({ write, holder }, { vendor }) {
      const { accountId } = holder()
      if (!vendors.some((known) => known === vendor)) throw new Fault('not_found', `${vendor} is not a vendor that this relay connects.`)
      await write(async (tx) => {
        if (await store.removeToken(tx.db, accountId, vendor)) await tell(tx)
      })
      return { success: true }
    },
  }
}
