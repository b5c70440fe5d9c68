import type { Model, ModelMessage, TokenUsage } from '../types.ts'
import { ModelError } from '../types.ts'
import type { Answer } from './answer.ts'
import { readAnswer } from './answer.ts'
import { ANSWER_SCHEMA, repairText, requestText, SYSTEM } from './prompt.ts'
import type { PlanningRequest, PlanningTool } from './types.ts'

/** What a model made of a request; `answer` null: nothing that holds. */
export interface ModelPlan {
  readonly answer: Answer | null
  readonly repaired: boolean
  readonly usage: TokenUsage | null
}
const MOST_TOKENS = 8000
const message = (role: 'user' | 'assistant', text: string): ModelMessage => ({ role, content: [{ type: 'text', text }] })

/**
 * Asks a model for a plan over the tools offered, and once more, with what is wrong, when it does not hold. One or two model calls, no tools. A model
 * call that fails is no plan. Throws the signal's reason after an abort.
 */
export async function planWithModel(
  model: Model,
  request: Pick<PlanningRequest, 'text' | 'context' | 'now'>,
  offered: readonly PlanningTool[],
  signal: AbortSignal,
): Promise<ModelPlan> {
  const messages: ModelMessage[] = [message('user', requestText(request, offered))]
  let usage: TokenUsage | null = null
  for (const repaired of [false, true]) {
    const said = await ask(model, [...messages], signal)
    usage = sum(usage, said.usage)
    if (said.text === null) return { answer: null, repaired: false, usage }
    const answer = readAnswer(said.text, offered)
    if (!('problems' in answer)) return { answer, repaired, usage }
    messages.push(message('assistant', said.text === '' ? '(nothing)' : said.text), message('user', repairText(answer.problems)))
  }
  return { answer: null, repaired: false, usage }
}
/** One model call. `text` null: it failed, or was refused by a filter. What was said before it broke off counts for nothing. */
async function ask(
  model: Model,
  messages: readonly ModelMessage[],
  signal: AbortSignal,
): Promise<{ readonly text: string | null; readonly usage: TokenUsage | null }> {
  const maxOutputTokens = Math.min(model.maxOutputTokens, MOST_TOKENS)
  let text = ''
  let usage: TokenUsage | null = null
  let isFiltered = false
  try {
    for await (const part of model.stream({ system: SYSTEM, messages, tools: [], maxOutputTokens, outputSchema: ANSWER_SCHEMA }, signal)) {
      if (part.type === 'text') text += part.text
      if (part.type === 'finish') {
        usage = part.usage
        isFiltered = part.reason === 'content_filter'
      }
    }
  } catch (error) {
    if (error instanceof ModelError) return { text: null, usage }
    throw error
  }
  return { text: isFiltered ? null : text, usage }
}
function sum(one: TokenUsage | null, other: TokenUsage | null): TokenUsage | null {
  if (one === null || other === null) return one ?? other
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cacheReadTokens: one.cacheReadTokens + other.cacheReadTokens,
    cacheWriteTokens: one.cacheWriteTokens + other.cacheWriteTokens,
  }
}
