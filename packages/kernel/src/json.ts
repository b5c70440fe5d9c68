import { Fault } from '@steward/contract'

const deepest = 64
/** Parses JSON from outside, for every door alike: bounded depth, no `__proto__` keys. Throws Fault `invalid`. */
export function parseJson(text: string): unknown {
  if (tooDeep(text)) throw new Fault('invalid', `The JSON is nested more than ${deepest} levels deep.`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Fault('invalid', `The body is not JSON: ${(error as Error).message.slice(0, 200)}.`)
  }
  if (/proto|\\u/i.test(text)) refusePrototypes(value)
  return value
}
/** Counts brackets outside strings; runs before the parser, which is what deep nesting would break. */
function tooDeep(text: string): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inString) {
      if (code === 92) at++
      else if (code === 34) inString = false
    } else if (code === 34) inString = true
    else if (code === 91 || code === 123) {
      if (++depth > deepest) return true
    } else if (code === 93 || code === 125) depth--
  }
  return false
}
function refusePrototypes(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (Object.hasOwn(value, '__proto__')) throw new Fault('invalid', 'The JSON has a key __proto__, which is not accepted.')
  for (const inner of Object.values(value)) refusePrototypes(inner)
}
