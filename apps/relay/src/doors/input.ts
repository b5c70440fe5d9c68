import { Fault } from '@steward/contract'

const deepest = 64

/**
 * Refuses input that not every part of the relay can keep as it is, whatever door it came through: text with a NUL (PostgreSQL has none) or half a surrogate pair
 * (UTF-8 has none), a key `__proto__`, more than 64 levels. Throws Fault `invalid`.
 */
export function checkInput(input: unknown, depth = 0): void {
  if (typeof input === 'string') return checkText(input)
  if (typeof input !== 'object' || input === null || input instanceof Uint8Array) return
  if (depth >= deepest) throw new Fault('invalid', `The input is nested more than ${deepest} levels deep.`)
  if (Array.isArray(input)) {
    for (const item of input) checkInput(item, depth + 1)
    return
  }
  for (const [key, value] of Object.entries(input)) {
    if (key === '__proto__') throw new Fault('invalid', 'The input has a key __proto__, which is not accepted.')
    checkText(key)
    checkInput(value, depth + 1)
  }
}
function checkText(text: string): void {
  if (text.includes('\0')) throw new Fault('invalid', 'The input has a text with a NUL character (U+0000), which cannot be kept.')
  if (!text.isWellFormed()) throw new Fault('invalid', 'The input has a text with half a surrogate pair, which is no Unicode.')
}
