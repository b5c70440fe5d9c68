import { Fault } from '@steward/contract'
import type { relayOperations } from '@steward/contract/relay'
import type { OwnsSession, RelayHandlers } from '../../context.ts'
import type { Database } from '../../platform/database.ts'
import type { PushOutcome, SendPushes } from '../../platform/expo.ts'
import * as store from './store.ts'

export interface PushPorts {
  readonly database: Database
  readonly send: SendPushes
  readonly ownsSession: OwnsSession
  /** Whether somebody has an app of the account open, on any node; in doubt nobody has. */
  isLooking(accountId: string): Promise<boolean>
  /** Tells the sockets of the session and the account's own. */
  tell(accountId: string, sessionId: string, event: Readonly<Record<string, unknown>>): void
  /** Throws Fault `too_many` for an account that sends too often. */
  limit(accountId: string): Promise<void>
}
type Names = Extract<keyof typeof relayOperations, `pushTokens.${string}` | `push.${string}`>
/** The push service takes 4096 bytes a message, title and body among them. */
const mostDataBytes = 2_048

/** Phones of the account, and what they are told of its sessions. */
export function pushHandlers({ database, send, ownsSession, isLooking, tell, limit }: PushPorts): RelayHandlers<Names> {
  const { queries } = database
  return {
    async 'pushTokens.list'({ holder }) {
      const rows = await store.listTokens(queries, holder().accountId)
      return { tokens: rows.map(({ id, token, created_at, updated_at }) => ({ id, token, createdAt: created_at, updatedAt: updated_at })) }
    },
    async 'pushTokens.add'({ write, holder }, { token }) {
      const { accountId } = holder()
      await write((tx) => store.addToken(tx.db, accountId, token, tx.now))
      return { success: true }
    },
    async 'pushTokens.remove'({ write, holder }, { token }) {
      const { accountId } = holder()
      await write((tx) => store.removeToken(tx.db, accountId, token))
      return { success: true }
    },
    async 'push.event'({ write, holder }, { sessionId, kind, title, body, data = {} }) {
      const { accountId } = holder()
      if (!(await ownsSession(queries, accountId, sessionId))) throw new Fault('not_found', 'Session not found')
      const now = Date.now()
      tell(accountId, sessionId, { type: 'session-event', sessionId, kind, title, body, timestamp: now })
      if (await isLooking(accountId)) return { success: true, result: 'suppressed', reason: 'An app of this account is open.' }
      const tokens = await store.listTokens(queries, accountId)
      if (tokens.length === 0) return { success: true, result: 'no_tokens', tokens: 0, reason: 'No phone has asked to be told.' }
      await limit(accountId)
      const own = { sessionId, kind }
      const fits = Buffer.byteLength(JSON.stringify(data)) <= mostDataBytes
      const whole = { title, body, data: fits ? { ...own, ...data } : own, sound: 'default' as const, priority: 'high' as const }
      const outcomes = await send(tokens.map(({ token }) => ({ to: token, ...whole })))
      const gone = tokens.flatMap(({ id }, at) => (isGone(outcomes[at]) ? [id] : []))
      if (gone.length > 0) await write((tx) => store.removeGone(tx.db, accountId, gone, now))
      return { success: true, ...summed(outcomes, tokens.length, fits ? [] : ['the data did not fit and was left out']) }
    },
  }
}
const isGone = (outcome: PushOutcome | undefined) => outcome?.taken === false && outcome.gone

function summed(outcomes: readonly PushOutcome[], tokens: number, notes: readonly string[]) {
  const delivered = outcomes.filter(({ taken }) => taken).length
  const reasons = [...new Set([...outcomes.flatMap((outcome) => (outcome.taken ? [] : [outcome.reason])), ...notes])]
  const result = delivered === tokens ? ('sent' as const) : delivered > 0 ? ('partial' as const) : ('failed' as const)
  return { result, tokens, delivered, ...(reasons.length === 0 ? {} : { reason: reasons.slice(0, 5).join('; ') }) }
}
