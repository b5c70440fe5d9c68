import type { CallToolResult } from '@modelcontextprotocol/server'
import { Fault } from '@steward/contract'
import type { Outcome } from '@steward/contract/daemon'

/** A value as a tool's answer: as text, and structured where it is an object. */
export function answerOf(value: unknown): CallToolResult {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null)
  const structured = typeof value === 'object' && value !== null && !Array.isArray(value)
  return { content: [{ type: 'text', text }], ...(structured ? { structuredContent: value as Record<string, unknown> } : {}) }
}
/** A failure as a tool's answer: a sentence that the model can act on. `facts` are for programs. */
export const failureOf = (text: string, facts: Readonly<Record<string, unknown>>): CallToolResult => ({
  content: [{ type: 'text', text }],
  isError: true,
  _meta: { 'steward/failure': facts },
})
/** A refused call as a tool's answer. Throws what is no Fault. */
export function faultOf(error: unknown): CallToolResult {
  if (!(error instanceof Fault)) throw error
  const { code, message, details } = error
  return failureOf(message, { code, ...(details === undefined ? {} : { details }) })
}
/** How an execution stands, as a tool's answer: what it gave; else why there is nothing, and how one gets on. */
export function outcomeOf(toolId: string, { id, status, outputs, errors, approvalId }: Outcome): CallToolResult {
  if (status === 'completed') return answerOf(outputs)
  const facts = { executionId: id, status, ...(approvalId === undefined ? {} : { approvalId }), ...(errors === undefined ? {} : { errors }) }
  if (status === 'waiting')
    return failureOf(
      `${toolId} waits for a person's approval${approvalId === undefined ? '' : ` (${approvalId})`}; it has not been done. A person gives it with ` +
        `\`steward approvals settle ${approvalId ?? 'ID'} approve\` or in the console, and it is then done by itself. Do not call the tool again: ` +
        `the execution ${id ?? ''} keeps what comes of it (executions_get).`,
      facts,
    )
  const why = (errors ?? []).map(({ message }) => message).join(' ')
  const words = { denied: 'was denied', cancelled: 'was cancelled', interrupted: 'was interrupted: nobody knows whether it was done' }
  const what = Object.hasOwn(words, status) ? words[status as keyof typeof words] : 'failed'
  return failureOf(`${toolId} ${what}. ${why}`.trim(), facts)
}
