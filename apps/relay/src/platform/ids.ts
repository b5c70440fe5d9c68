import { randomBytes } from 'node:crypto'

let last = 0
/** A fresh id of 25 characters that sorts by its making: `c`, eight base-36 digits of time, 16 of chance. The shape the existing clients know. */
export function newId(): string {
  last = Math.max(Date.now(), last + 1)
  const chance = BigInt(`0x${randomBytes(10).toString('hex')}`)
    .toString(36)
    .padStart(16, '0')
  return `c${last.toString(36).padStart(8, '0')}${chance}`
}
