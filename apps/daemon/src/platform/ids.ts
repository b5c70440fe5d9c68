import { randomBytes } from 'node:crypto'

let last = 0
/**
 * A fresh id `prefix_…`: nine base-36 digits of time, then 13 of chance. Ids of one process made in different milliseconds sort by
 * their making; within a millisecond the clock is nudged forward, so that they sort too.
 */
export function newId(prefix: string): string {
  last = Math.max(Date.now(), last + 1)
  const random = BigInt(`0x${randomBytes(8).toString('hex')}`)
    .toString(36)
    .padStart(13, '0')
  return `${prefix}_${last.toString(36).padStart(9, '0')}${random}`
}
