import type { Json } from '../types.ts'
import { charge, createMeter, evaluate, type Meter } from './evaluate.ts'
import { parseExpression, parseText } from './parse.ts'
import { limits, TemplateFault, type Scope } from './types.ts'
import { isObject, isTruthy, placeIn, textOf } from './values.ts'

export type { Scope }

/**
 * Fills in every template of a value, at any depth; names of properties are not templates. A text that is one template and nothing else becomes the
 * value of its expression, of whatever kind. In any other text a template is replaced by text: texts as they are, nothing for null, the rest as
 * JSON. Nothing is changed in place. Throws TemplateFault, with the path of the text.
 */
export function renderValue(value: Json, scope: Scope): Json {
  return rendered(value, { scope, meter: createMeter() }, '', 0)
}
/** What a condition says: see `evaluate` for what is missing, `isTruthy` for what counts as true. With or without `{{ }}` around it. Throws TemplateFault. */
export function isTrue(condition: string, scope: Scope): boolean {
  return isTruthy(evaluate(parseExpression(condition), scope, createMeter(), true))
}
/** The value of one expression, with or without `{{ }}` around it. What is missing is a fault. Throws TemplateFault. */
export function valueOf(expression: string, scope: Scope): Json {
  return evaluate(parseExpression(expression), scope, createMeter(), false)
}
/** A text that renders to exactly this one. One that has `{{` in it must be short enough to be a template itself. */
export const escapeText = (text: string): string => text.replace(/\{{2,}|\{$/g, (braces) => `{{ '${braces}' }}`)

/** True when a text anywhere in the value has a template, be it a broken one. */
export function hasTemplates(value: Json): boolean {
  const open: Json[] = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string' && next.includes('{{')) return true
    if (typeof next !== 'object' || next === null) continue
    for (const inner of Array.isArray(next) ? next : Object.values(next)) open.push(inner)
  }
  return false
}

interface Rendering {
  readonly scope: Scope
  readonly meter: Meter
}
function rendered(value: Json, rendering: Rendering, path: string, depth: number): Json {
  if (typeof value === 'string') return filled(value, rendering, path)
  if (typeof value !== 'object' || value === null) return value
  if (depth > limits.valueDepth) throw new TemplateFault(`This is nested deeper than ${limits.valueDepth} levels.`, 0, path)
  if (Array.isArray(value)) return value.map((each, n) => rendered(each, rendering, placeIn(path, n), depth + 1))
  if (!isObject(value)) throw new TemplateFault('This is no plain object.', 0, path)
  // Entries define properties, also one named __proto__; nothing is assigned.
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rendered(each, rendering, placeIn(path, key), depth + 1)]))
}
function filled(value: string, { scope, meter }: Rendering, path: string): Json {
  if (!value.includes('{{')) return value
  try {
    const parts = parseText(value)
    const [first] = parts
    if (parts.length === 1 && typeof first === 'object') {
      const made = evaluate(first.expression, scope, meter, false)
      charge(meter, made, first.expression.at)
      return made
    }
    return parts
      .map((part) => (typeof part === 'string' ? part : inserted(evaluate(part.expression, scope, meter, false), meter, part.expression.at)))
      .join('')
  } catch (error) {
    if (error instanceof TemplateFault && error.path === '') error.path = path
    throw error
  }
}
function inserted(value: Json, meter: Meter, at: number): string {
  charge(meter, value, at)
  return textOf(value)
}
