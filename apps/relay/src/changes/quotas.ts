import { Fault } from '@steward/contract'

/** What is counted of an account, each in a column of its row: the row is read and written by every write anyway, so that counting costs no statement. */
const columns = {
  sessions: 'session_count',
  messageBytes: 'message_bytes',
  kvBytes: 'kv_bytes',
  artifactBytes: 'artifact_bytes',
  attachmentBytes: 'attachment_bytes',
} as const
export type Counted = keyof typeof columns
export type CountColumn = (typeof columns)[Counted]
export const countColumns = Object.values(columns)
/** The most an account may hold; 0 is without limit. Bytes are those of the text or files as they are kept. */
export type Quotas = Readonly<Record<Counted, number>>
/** The quotas as they are set. */
export const quotasOf = (set: Readonly<Record<`quota${Capitalize<Counted>}`, number>>): Quotas => ({
  sessions: set.quotaSessions,
  messageBytes: set.quotaMessageBytes,
  kvBytes: set.quotaKvBytes,
  artifactBytes: set.quotaArtifactBytes,
  attachmentBytes: set.quotaAttachmentBytes,
})

const size = (bytes: number) => {
  const unit = bytes >= 2 ** 30 ? ([2 ** 30, 'GiB'] as const) : bytes >= 2 ** 20 ? ([2 ** 20, 'MiB'] as const) : ([1, 'bytes'] as const)
  return `${Math.round((bytes / unit[0]) * 10) / 10} ${unit[1]}`
}
const old = 'delete sessions that are no longer needed'
const sentences: Readonly<Record<Counted, (most: number) => string>> = {
  sessions: (most) => `This account has ${most} sessions, the most it may have; ${old} (POST /v1/sessions/delete).`,
  messageBytes: (most) => `The messages of this account may take ${size(most)} and would take more; ${old}.`,
  kvBytes: (most) => `The key-value store of this account may take ${size(most)} and would take more; set values that are no longer needed to null.`,
  artifactBytes: (most) => `The artifacts of this account may take ${size(most)} and would take more; delete some that are no longer needed.`,
  attachmentBytes: (most) => `The attachments of this account may take ${size(most)} and would take more; ${old}.`,
}
/** Counts within one transaction, from what the account's locked row says. */
export function createCount(used: Readonly<Record<CountColumn, number>>, quotas: Quotas) {
  const changed = new Map<CountColumn, number>()
  return {
    /** Throws Fault `too_large` (bytes) or `too_many` where it would be more than the account may hold. Less is never refused. */
    count(what: Counted, by: number): void {
      if (by === 0) return
      const column = columns[what]
      const more = (changed.get(column) ?? 0) + by
      const most = quotas[what]
      if (by > 0 && most > 0 && used[column] + more > most)
        throw new Fault(what === 'sessions' ? 'too_many' : 'too_large', sentences[what](most), undefined, { retryable: false })
      changed.set(column, more)
    },
    changed: (): readonly (readonly [CountColumn, number])[] => [...changed],
  }
}
