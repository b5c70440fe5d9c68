import { Fault } from '@steward/contract'
import type { relayOperations } from '@steward/contract/relay'
import { changesAfter, extentOf } from '../../changes/log.ts'
import type { RelayHandlers } from '../../context.ts'
import type { Database } from '../../platform/database.ts'

type Names = Extract<keyof typeof relayOperations, `changes.${string}`>
/** The account's log for whoever asks what it missed. */
export const changeHandlers = ({ queries }: Database): RelayHandlers<Names> => ({
  async 'changes.list'({ holder }, { since, limit }) {
    const { accountId } = holder()
    const extent = await extentOf(queries, accountId)
    if (!extent) throw new Fault('unauthenticated', 'Invalid token')
    if (since < extent.prunedSeq || since > extent.seq) return { changes: [], seq: extent.seq, hasMore: false, reset: true }
    const changes = (await changesAfter(queries, accountId, since, limit + 1)).map(({ update }) => update)
    // Pruned since the extent was read.
    if (changes[0] !== undefined && changes[0].seq !== since + 1) return { changes: [], seq: extent.seq, hasMore: false, reset: true }
    const shown = changes.slice(0, limit)
    const last = shown.at(-1)?.seq
    // A page may also have ended early because it was heavy.
    const hasMore = changes.length > limit || (last !== undefined && last < extent.seq)
    return { changes: shown, seq: Math.max(extent.seq, last ?? 0), hasMore, reset: false }
  },
})
