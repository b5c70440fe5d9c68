import { randomUUID } from 'node:crypto'

let last = 0
/** A fresh id of 25 characters that sorts by its making: `c`, eight base-36 digits of time, 16 of chance. The shape the existing clients know. */
export function newId(): string {
  last = Math.max(Date.now(), last + 1)
  // 80 random bits of a UUID (RFC 9562 §5.4): Node draws those for many at once.
  const uuid = randomUUID()
  const chance = BigInt(`0x${uuid.slice(0, 8)}${uuid.slice(24)}`)
    .toString(36)
    .padStart(16, '0')
  return `c${last.toString(36).padStart(8, '0')}${chance}`
}
