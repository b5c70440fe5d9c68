import { Fault } from '@steward/contract'
import type { LogLetter } from './event-log.ts'

/** A place in all logs at once, as `e7.c120.a88.s4`. Opaque to callers. */
export interface Cursor {
  readonly epoch: number
  readonly at: Readonly<Partial<Record<LogLetter, number>>>
}
export const formatCursor = (cursor: Cursor): string => {
  let text = `e${cursor.epoch}`
  for (const letter of ['c', 'a', 's'] as const) if (cursor.at[letter] !== undefined) text += `.${letter}${cursor.at[letter]}`
  return text
}
/** Reads a cursor that this daemon gave out. Throws Fault `invalid` for anything else. */
export function parseCursor(text: string): Cursor {
  const parts = /^e(\d{1,9})((?:\.[cas]\d{1,15}){0,3})$/.exec(text)
  if (!parts) throw new Fault('invalid', 'The cursor is not one that this daemon gave out; leave it away to start anew.')
  const at: Partial<Record<LogLetter, number>> = {}
  for (const [, letter, seq] of (parts[2] ?? '').matchAll(/\.([cas])(\d+)/g)) at[letter as LogLetter] = Number(seq)
  return { epoch: Number(parts[1]), at }
}
