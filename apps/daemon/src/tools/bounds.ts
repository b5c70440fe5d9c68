import type { Json } from '../engine/types.ts'

export const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8')

/** A count with thousands separators, for sentences. */
export const count = (value: number): string => value.toLocaleString('en-US')

/** The longest beginning of `text` that fits in `bytes` of UTF-8. Never splits a character. */
export const headBytes = (text: string, bytes: number): string => {
  if (text.length * 3 <= bytes) return text
  const buffer = Buffer.from(text, 'utf8')
  if (buffer.length <= bytes) return text
  let end = Math.max(0, bytes)
  while (end > 0 && ((buffer[end] ?? 0) & 0xc0) === 0x80) end--
  return buffer.toString('utf8', 0, end)
}

/** The longest end of `text` that fits in `bytes` of UTF-8. Never splits a character. */
export const tailBytes = (text: string, bytes: number): string => {
  if (text.length * 3 <= bytes) return text
  const buffer = Buffer.from(text, 'utf8')
  if (buffer.length <= bytes) return text
  let start = buffer.length - Math.max(0, bytes)
  while (start < buffer.length && ((buffer[start] ?? 0) & 0xc0) === 0x80) start++
  return buffer.toString('utf8', start)
}

/** Room for the sentence that says what was left out. */
const statementBytes = 120

/** `text` in at most `bytes`, cut at the end; a cut is stated in the text itself, with `advice` on how to see the rest. */
export const boundHead = (text: string, bytes: number, advice = ''): string => {
  const head = headBytes(text, bytes)
  if (head.length === text.length) return text
  const kept = headBytes(text, bytes - statementBytes - byteLength(advice))
  return `${kept}\n[${count(byteLength(text) - byteLength(kept))} bytes left out here.${advice === '' ? '' : ` ${advice}`}]`
}

/** `text` in at most `bytes`, cut in the middle (the end of a command's output often says what went wrong); a cut is stated in its place. */
export const boundMiddle = (text: string, bytes: number): string => {
  const total = byteLength(text)
  if (total <= bytes) return text
  const room = Math.max(0, bytes - statementBytes)
  const head = headBytes(text, Math.floor(room * 0.4))
  const tail = tailBytes(text, Math.ceil(room * 0.6))
  return `${head}\n[${count(total - byteLength(head) - byteLength(tail))} bytes left out here]\n${tail}`
}

/** The first of `items` whose JSON fits together in `bytes`, in order. */
export const fitItems = <T extends Json>(items: readonly T[], bytes: number): T[] => {
  const kept: T[] = []
  let used = 2
  for (const item of items) {
    used += byteLength(JSON.stringify(item)) + 1
    if (used > bytes) break
    kept.push(item)
  }
  return kept
}

/** At most `length` characters of one line, cut around the place `at` (UTF-16 units); cuts show as an ellipsis. */
export const cutAround = (line: string, at: number, length: number): string => {
  if (line.length <= length) return line
  const start = Math.max(0, Math.min(at - Math.floor(length / 3), line.length - length))
  const kept = line.slice(start, start + length)
  return `${start > 0 ? '…' : ''}${kept.toWellFormed().replace(/^\uFFFD|\uFFFD$/g, '')}${start + length < line.length ? '…' : ''}`
}
