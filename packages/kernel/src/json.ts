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
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 34) at = endOfString(text, at)
    else if (code === 91 || code === 123) {
      if (++depth > deepest) return true
    } else if (code === 93 || code === 125) depth--
  }
  return false
}
/** Where the string that begins at `begin` has its closing quote; the end of the text where it has none. */
function endOfString(text: string, begin: number): number {
  for (let at = text.indexOf('"', begin + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === 92) slashes++
    if (slashes % 2 === 0) return at
  }
  return text.length
}
function refusePrototypes(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (Object.hasOwn(value, '__proto__')) throw new Fault('invalid', 'The JSON has a key __proto__, which is not accepted.')
  for (const inner of Object.values(value)) refusePrototypes(inner)
}
