import type { CallOutcome } from './types.ts'

const encoder = new TextEncoder()

/** An outcome of at most `bytes` of UTF-8 text for the model; an output value beyond that is replaced by the text. Says what was cut. */
export function bounded(outcome: CallOutcome, bytes: number): CallOutcome {
  const text = cut(outcome.text, bytes)
  const size = encoder.encode(JSON.stringify(outcome.output)).length
  return { ...outcome, text, output: size > bytes ? text : outcome.output }
}

function cut(text: string, bytes: number): string {
  if (text.length * 3 <= bytes) return text
  const whole = encoder.encode(text)
  if (whole.length <= bytes) return text
  const kept = new TextDecoder().decode(whole.subarray(0, bytes)).replace(/\uFFFD+$/, '')
  return `${kept}\n[Cut: the output has ${whole.length} bytes, the limit is ${bytes} (limits.outputBytes). Ask for a smaller part.]`
}
