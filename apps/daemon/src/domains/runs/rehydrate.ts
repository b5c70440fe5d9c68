import { applyEvent, freshLedger, ledgerOf, type Ledger } from '../../engine/rebuild.ts'
import type { CallOutcome, EngineEvent, ModelMessage, ModelRequest, PreparedCall } from '../../engine/types.ts'
import { asJson, conversation, toModel, userMessage } from './history.ts'
import type { LedgerLine } from './ledger-store.ts'
import type { RunDeps } from './ports.ts'
import type { RunRecord } from './store.ts'

/** Where a stored run stands: its conversation from before, and every line of its ledger with the rows it refers to. */
export async function standing(deps: RunDeps, run: RunRecord, lines: readonly LedgerLine[]): Promise<Ledger> {
  const session = deps.sessions.find(run.sessionId)
  const trigger = deps.messages.trigger(run.id)
  if (!session || !trigger) throw new TypeError(`The run ${run.id} has lost its session or its message.`)
  // A compaction made by this very run must not hide what its ledger still speaks of.
  const before = lines.some(({ type }) => type === 'compacted') ? { ...session, compaction: compactionBefore(lines) } : session
  const history = await conversation(deps, before, run.firstPosition)
  let state = freshLedger([...history, await userMessage(deps, trigger)])
  for (const line of lines) for (const event of await toEvents(deps, line)) state = applyEvent(state, event)
  return ledgerOf(state)
}
const compactionBefore = (lines: readonly LedgerLine[]) =>
  (lines.find(({ type }) => type === 'started')?.data['compaction'] ?? null) as { summary: string; position: number } | null

/** The engine events that one ledger line stands for. */
async function toEvents(deps: RunDeps, { type, data }: LedgerLine): Promise<EngineEvent[]> {
  switch (type) {
    case 'step.requested': {
      const event = { ...data, type, request: deps.ledger.loadRequest(data['request'] as never) } as unknown as Extract<
        EngineEvent,
        { type: 'step.requested' }
      >
      const row = deps.messages.find(event.messageId)
      const shown = row?.status === 'interrupted' ? row.text : ''
      return shown === '' ? [event] : [event, { type: 'text', messageId: event.messageId, text: shown }]
    }
    case 'compaction.requested':
      return [{ ...data, type, request: deps.ledger.loadRequest(data['request'] as never) as ModelRequest } as never]
    case 'step.finished': {
      const row = deps.messages.find(data['messageId'] as string)
      return [{ ...data, type, content: row?.parts ?? [] } as never]
    }
    case 'call.waiting':
    case 'call.started':
      return [{ type, call: { callId: data['callId'] } as PreparedCall }]
    case 'call.finished': {
      const call = deps.calls.find(data['callId'] as string)
      const outcome = { status: data['status'], output: asJson(call?.output), text: call?.text ?? '' } as CallOutcome
      return [{ ...data, type, outcome } as never]
    }
    case 'noted':
      return [{ type, why: data['why'], message: await notedMessage(deps, data['messageId'] as string) } as never]
    case 'call.settled':
    case 'step.broken':
    case 'compacted':
      return [{ ...data, type } as never]
    default:
      return []
  }
}
async function notedMessage(deps: RunDeps, messageId: string): Promise<ModelMessage> {
  const row = deps.messages.find(messageId)
  if (!row) return { role: 'user', content: [{ type: 'text', text: '' }] }
  const [message] = await toModel(deps, row)
  return message ?? { role: 'user', content: [{ type: 'text', text: row.text }] }
}
/** The model call that a crash cut off and what it had reserved, when nobody has been charged for it yet. */
export function uncharged(lines: readonly LedgerLine[]): { model: string; costUsd: number } | null {
  for (const { type, data } of lines.toReversed()) {
    if (type === 'step.requested' || type === 'compaction.requested')
      return { model: data['model'] as string, costUsd: data['reservedUsd'] as number }
    if (type === 'step.finished' || type === 'step.broken' || type === 'compacted' || type === 'resumed') return null
  }
  return null
}
/** How often the run was taken up since it last got anywhere. */
export function fruitlessResumes(lines: readonly LedgerLine[]): number {
  let count = 0
  for (const { type } of lines.toReversed()) {
    if (type === 'resumed') count++
    else if (type === 'step.finished' || type === 'call.finished' || type === 'compacted') break
  }
  return count
}
