import { totalTokens } from './budget.ts'
import { compactMessages } from './compaction-plan.ts'
import { remember, repeated, signature } from './guard.ts'
import { callsOf, isBlank, newestUser, textOf, withResult } from './messages.ts'
import { estimateRequest, estimateText } from './tokens.ts'
import type { CallOutcome, EngineEvent, ModelMessage, OpenCall, RunProgress, RunState } from './types.ts'

/** A run's state with all that its ledger tells. */
export type Ledger = RunState & { readonly progress: RunProgress }
type Line<T extends EngineEvent['type']> = Extract<EngineEvent, { type: T }>

/**
 * Where a run stands after these lines of its ledger, given the conversation it began with (ending with the user's message). A model call that the
 * lines leave in flight counts as crashed: its whole reservation is charged, and text it has shown stays as an interrupted message.
 * `spent` holds only what the lines tell.
 */
export function rebuildState(initialMessages: readonly ModelMessage[], events: Iterable<EngineEvent>): RunState {
  let state = freshLedger(initialMessages)
  for (const event of events) state = applyEvent(state, event)
  return closePending(state)
}

/** The state of a run of which nothing is in the ledger yet. */
export function freshLedger(messages: readonly ModelMessage[]): Ledger {
  return ledgerOf({ messages, step: 0, open: [], spent: { costUsd: 0, tokens: 0, toolCalls: 0, elapsedMs: 0 }, recentCalls: [] })
}

/** Fills in the progress of a state that was handed over without it, and closes a model call that it left in flight. */
export function ledgerOf(state: RunState): Ledger {
  const progress = state.progress ?? {
    pending: null,
    interrupted: false,
    ended: null,
    answer: '',
    askedAt: newestUser(state.messages),
    counted: null,
    lengthNotes: 0,
    outputNotes: 0,
    nudged: [],
    compactedByForce: false,
  }
  return closePending({ ...state, progress })
}

/** The state after one more line. The engine itself runs on it: what a live run knows and what a restart rebuilds cannot differ. */
export function applyEvent(state: Ledger, event: EngineEvent): Ledger {
  switch (event.type) {
    case 'text':
      return shown(state, event)
    case 'step.finished':
      return finishedStep(state, event)
    case 'step.broken':
      return brokenStep(state, event)
    case 'compacted':
      return compacted(state, event)
    case 'step.requested':
      return requested(closePending(state), event, event.messageId)
    case 'compaction.requested':
      return requested(closePending(state), event, '')
    case 'noted':
      return noted(closePending(state), event)
    case 'call.waiting':
      return staged(state, event.call.callId, 'waiting')
    case 'call.settled':
      return event.settlement.action === 'approve' ? staged(state, event.callId, 'approved') : state
    case 'call.started':
      return staged(state, event.call.callId, 'started')
    case 'call.finished':
      return finishedCall(state, event)
    case 'reasoning':
      return state
    case 'finished':
      return closePending(state)
  }
}

function shown(state: Ledger, event: Line<'text'>): Ledger {
  const { pending } = state.progress
  return pending ? { ...state, progress: { ...state.progress, pending: { ...pending, text: pending.text + event.text } } } : state
}

function requested(state: Ledger, event: Line<'step.requested' | 'compaction.requested'>, messageId: string): Ledger {
  const pending = { messageId, reservedUsd: event.reservedUsd, inputTokens: estimateRequest(event.request), text: '' }
  return { ...state, progress: { ...state.progress, pending, ended: null } }
}

function closePending(state: Ledger): Ledger {
  const { pending } = state.progress
  if (!pending) return state
  return interrupt(state, pending.reservedUsd, pending.inputTokens + estimateText(pending.text))
}

function brokenStep(state: Ledger, event: Line<'step.broken'>): Ledger {
  const { pending } = state.progress
  const charged = event.chargedUsd > 0 || pending?.text
  const next = interrupt(state, event.chargedUsd, charged && pending ? pending.inputTokens + estimateText(pending.text) : 0)
  return at(next, event.elapsedMs ?? next.spent.elapsedMs)
}

/** Ends the model call in flight: what it has shown stays in the conversation. */
function interrupt(state: Ledger, costUsd: number, tokens: number): Ledger {
  const text = state.progress.pending?.text ?? ''
  const paid = spend({ ...state, progress: { ...state.progress, pending: null } }, costUsd, tokens)
  if (text.trim() === '') return paid
  return {
    ...paid,
    messages: [...paid.messages, { role: 'assistant', content: [{ type: 'text', text }] }],
    progress: { ...paid.progress, interrupted: true, answer: paid.progress.answer + text },
  }
}

function finishedStep(state: Ledger, event: Line<'step.finished'>): Ledger {
  const messages = isBlank(event.content) ? state.messages : [...state.messages, { role: 'assistant' as const, content: event.content }]
  const calls = callsOf(event.content)
  const tokens = totalTokens(event.usage)
  const paid = at(spend(state, event.costUsd, tokens), event.elapsedMs ?? state.spent.elapsedMs + event.durationMs)
  return {
    ...paid,
    messages,
    step: event.step,
    open: calls.map((call) => ({ ...call, stage: 'asked' })),
    spent: { ...paid.spent, toolCalls: paid.spent.toolCalls + calls.length },
    progress: {
      ...paid.progress,
      pending: null,
      interrupted: false,
      ended: calls.length > 0 ? null : event.reason,
      lengthNotes: calls.length > 0 ? 0 : paid.progress.lengthNotes,
      answer: calls.length > 0 ? '' : paid.progress.answer + textOf(event.content),
      counted: tokens > 0 ? { tokens, messages: messages.length } : null,
    },
  }
}

function staged(state: Ledger, callId: string, stage: OpenCall['stage']): Ledger {
  return { ...state, open: state.open.map((call) => (call.callId === callId ? { ...call, stage } : call)) }
}

function finishedCall(state: Ledger, event: Line<'call.finished'>): Ledger {
  const call = state.open.find((open) => open.callId === event.callId)
  if (!call) return state
  const { outcome, callId, name } = event
  const next = {
    ...state,
    open: state.open.filter((open) => open.callId !== callId),
    messages: withResult(state.messages, { type: 'tool_result', callId, name, text: outcome.text, isError: isError(outcome) }),
    recentCalls: remember(state.recentCalls, signature(call.name, call.input, outcome)),
  }
  return at(next, event.elapsedMs ?? state.spent.elapsedMs + event.durationMs)
}

const isError = (outcome: CallOutcome): boolean => outcome.status !== 'completed'

function noted(state: Ledger, event: Line<'noted'>): Ledger {
  const { progress } = state
  const goesOn = event.why === 'interrupted' || event.why === 'length'
  return {
    ...state,
    messages: [...state.messages, event.message],
    progress: {
      ...progress,
      ended: null,
      interrupted: false,
      answer: goesOn ? progress.answer : '',
      askedAt: event.why === 'steered' ? state.messages.length : progress.askedAt,
      lengthNotes: progress.lengthNotes + (event.why === 'length' ? 1 : 0),
      outputNotes: progress.outputNotes + (event.why === 'output_schema' ? 1 : 0),
      nudged: event.why === 'repetition' ? [...new Set([...progress.nudged, ...repeated(state.recentCalls)])] : progress.nudged,
    },
  }
}

function compacted(state: Ledger, event: Line<'compacted'>): Ledger {
  const paid = spend(state, event.costUsd, totalTokens(event.usage))
  const { messages, askedAt } = compactMessages(state.messages, state.progress.askedAt, event.summary, event.keptFrom)
  const compactedByForce = event.forced || state.progress.compactedByForce
  return { ...paid, messages, progress: { ...paid.progress, pending: null, askedAt, counted: null, compactedByForce } }
}

function spend(state: Ledger, costUsd: number, tokens: number): Ledger {
  return { ...state, spent: { ...state.spent, costUsd: state.spent.costUsd + costUsd, tokens: state.spent.tokens + tokens } }
}

function at(state: Ledger, elapsedMs: number): Ledger {
  return { ...state, spent: { ...state.spent, elapsedMs: Math.max(state.spent.elapsedMs, elapsedMs) } }
}
