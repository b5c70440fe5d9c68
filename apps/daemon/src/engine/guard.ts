import type { CallOutcome, Json, ModelMessage } from './types.ts'

const memory = 64
const inWindow = 6
const tooOften = 3

/** The same text for the same value, whatever the order of its keys. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const keys = Object.keys(value).toSorted()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join(',')}}`
}

/** Names a call together with what came of it: equal for the same tool, input and result. */
export function signature(name: string, input: Json, outcome: CallOutcome): string {
  return `${name}:${digest(canonical(input))}:${digest(`${outcome.status}\n${outcome.text}`)}`
}

/** Adds a signature to those kept, newest last. */
export const remember = (recent: readonly string[], added: string): readonly string[] => [...recent, added].slice(-memory)

/** Those of the signatures that came three times or more among the last six calls. */
export function repeated(recent: readonly string[]): readonly string[] {
  const window = recent.slice(-inWindow)
  return [...new Set(window)].filter((one) => window.filter((other) => other === one).length >= tooOften)
}

/**
 * Judges the batch that has just finished: `nudge` when one of its calls was made three times with the same result, `stop` when the model was
 * already told so about that very call. A conversation that does not end with results is `fine`.
 */
export function judgeRepetition(messages: readonly ModelMessage[], recent: readonly string[], nudged: readonly string[]): 'fine' | 'nudge' | 'stop' {
  const last = messages.at(-1)
  if (last?.role !== 'tool') return 'fine'
  const fresh = recent.slice(-last.content.length)
  const again = repeated(recent).filter((one) => fresh.includes(one))
  if (again.some((one) => nudged.includes(one))) return 'stop'
  return again.length > 0 ? 'nudge' : 'fine'
}

/** 53 bits of a text (cyrb53, public domain): enough to tell 64 results apart, and no secret depends on it. */
function digest(text: string): string {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    high = Math.imul(high ^ unit, 2654435761)
    low = Math.imul(low ^ unit, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36)
}
