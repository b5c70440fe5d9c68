import type { Json } from '../types.ts'
import { isObject } from './outputs.ts'
import { checkedSteps } from './steps.ts'
import type { PlannedStep, PlanningTool } from './types.ts'

/** A model's plan that holds. `clarification` is null when it gave none. */
export interface Answer {
  readonly intent: string
  readonly confidence: number
  readonly steps: readonly PlannedStep[]
  readonly clarification: string | null
}
const LONGEST_INTENT = 200
const LONGEST_QUESTION = 1000

/** Reads a model's answer. Gives the plan only if all of it holds, otherwise every problem, in words for the model. */
export function readAnswer(text: string, offered: readonly PlanningTool[]): Answer | { readonly problems: readonly string[] } {
  const value = jsonIn(text)
  if (value === undefined) return { problems: ['The answer is not a JSON object.'] }
  const { intent, confidence, clarification } = value
  const given = value['steps'] ?? []
  const problems: string[] = []
  if (typeof intent !== 'string') problems.push('`intent` must be a text.')
  if (typeof confidence !== 'number' || !(confidence >= 0 && confidence <= 1)) problems.push('`confidence` must be a number from 0 to 1.')
  if (!Array.isArray(given)) problems.push('`steps` must be a list.')
  const question = typeof clarification === 'string' && clarification.trim() !== '' ? clarification.trim() : null
  const checked = checkedSteps(Array.isArray(given) ? given : [], offered)
  problems.push(...checked.problems)
  if (Array.isArray(given) && given.length === 0 && question === null) problems.push('Without steps there must be a `clarification`: one question.')
  if (problems.length > 0 || typeof intent !== 'string' || typeof confidence !== 'number') return { problems }
  return { intent: intent.slice(0, LONGEST_INTENT), confidence, steps: checked.steps, clarification: question?.slice(0, LONGEST_QUESTION) ?? null }
}
/** The JSON object of an answer: alone, in a Markdown fence, or between words. */
function jsonIn(text: string): { readonly [key: string]: Json } | undefined {
  const fenced = /```(?:json)?\s*\n([\s\S]*?)\n\s*```/.exec(text)?.[1]
  const [open, close] = [text.indexOf('{'), text.lastIndexOf('}')]
  for (const part of [text, fenced, open >= 0 && close > open ? text.slice(open, close + 1) : undefined]) {
    const value = part === undefined ? undefined : parsed(part)
    if (isObject(value)) return value
  }
  return undefined
}
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
