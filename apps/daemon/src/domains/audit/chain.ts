import { createHash, createHmac } from 'node:crypto'
import type { AuditRow } from './store.ts'

/** SHA-256 over an event's wire form, hex: stands for the event when that is gone. */
export const digestOf = (json: string): string => createHash('sha256').update(json).digest('hex')
/** The code of a link: HMAC-SHA256 over the code before it and every field of its own, in a fixed order. */
export function macOf(key: Buffer, before: string, row: Omit<AuditRow, 'mac'>): string {
  const { seq, log, logSeq, at, name, caller, sessionId, runId, digest } = row
  return createHmac('sha256', key)
    .update(JSON.stringify([before, seq, log, logSeq, at, name, caller, sessionId, runId, digest]))
    .digest('hex')
}
/** The code of the chain's end: without it the newest links could be cut off unseen. */
export const sealOf = (key: Buffer, seq: number, mac: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify(['head', seq, mac]))
    .digest('hex')
