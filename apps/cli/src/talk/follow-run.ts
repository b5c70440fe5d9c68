import type { Sender } from '@steward/client'
import type { WireEvent } from '@steward/contract'
import type { Approval, EventData, EventName, Question, Run, RunStatus } from '@steward/contract/daemon'
import type { Screen } from './screen.ts'

const over: readonly RunStatus[] = ['completed', 'failed', 'cancelled', 'interrupted']
export interface RunEnd {
  readonly run: Run
  /** The text of the last message. */
  readonly text: string
  /** Tool calls that were denied. */
  readonly denied: number
  /** Where the session's log stood then: the next run is followed from here. */
  readonly cursor: string | undefined
}
export interface Followed {
  readonly sessionId: string
  readonly runId: string
  /** A cursor from before the run; absent, the log is read from the session's first event. */
  readonly after?: string
}
export interface Listener {
  readonly screen: Screen
  /** Every durable event of the run, as it came. */
  event?(event: WireEvent): void
  approval(approval: Approval): void
  question(question: Question): void
  /** An approval or question has been settled, here or elsewhere. */
  settled(id: string): void
}
/**
 * Follows one run of a session to its end, from the session's log: what a cut connection missed comes again, once. Answers the run as it
 * ended. Throws Fault when the daemon refuses, and the signal's reason when it aborts.
 */
export async function followRun(sender: Sender, { sessionId, runId, after }: Followed, listener: Listener, signal: AbortSignal): Promise<RunEnd> {
  let cursor = after
  const state = { text: '', denied: 0, inputs: new Map<string, unknown>() }
  for await (const item of sender.events({ sessionId, ...(after === undefined ? {} : { after }) }, signal)) {
    if ('cursor' in item) cursor = item.cursor
    if ('flash' in item) {
      if (item.flash.runId === runId && item.flash.name === 'token') {
        const { messageId, offset, text } = item.flash.data as { messageId: string; offset: number; text: string }
        listener.screen.token(messageId, offset, text)
      }
    } else if ('event' in item) {
      if (item.event.runId !== runId) continue
      listener.event?.(item.event)
      take(item.event, listener, state)
      if (item.event.name === 'status' && over.includes(dataOf(item.event, 'status').status)) break
    } else if ('reset' in item && over.includes(((await sender.call('runs.get', { id: runId }, { signal })) as Run).status)) break
  }
  signal.throwIfAborted()
  const run = (await sender.call('runs.get', { id: runId }, { signal })) as Run
  return { run, text: state.text, denied: state.denied, cursor }
}
const dataOf = <N extends EventName>(event: WireEvent, _name: N): EventData<N> => event.data as EventData<N>

function take(
  event: WireEvent,
  { screen, approval, question, settled }: Listener,
  state: { text: string; denied: number; inputs: Map<string, unknown> },
): void {
  const takers: { [N in EventName]?: (data: EventData<N>) => void } = {
    'message.final'({ messageId, text }) {
      if (text !== '') state.text = text
      screen.final(messageId, text)
    },
    'tool.call': ({ call }) => void state.inputs.set(call.id, call.input),
    'tool.result'({ callId, toolId, status, durationMs }) {
      if (status === 'denied') state.denied++
      screen.tool(toolId, state.inputs.get(callId), status, durationMs)
    },
    error: ({ message, retryInMs }) =>
      screen.note(screen.style.yellow(`${message}${retryInMs === null ? '' : ` Trying again in ${(retryInMs / 1000).toFixed(1)} s.`}`)),
    'approval.asked': (data) => approval(data.approval as Approval),
    'approval.settled': ({ approvalId }) => settled(approvalId),
    'question.asked': (data) => question(data.question as Question),
    'question.settled': ({ questionId }) => settled(questionId),
  }
  const taker = takers[event.name as EventName] as ((data: unknown) => void) | undefined
  taker?.(event.data)
}
