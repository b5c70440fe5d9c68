import { createHash } from 'node:crypto'
import type { Update } from '@steward/testkit/relay'

/** JSON with sorted keys: what says the same is the same text. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
const digest = (update: Update): string => createHash('sha256').update(canonical(update)).digest('base64url').slice(0, 16)

/** What one reader has of the log, in the order in which it came. */
export interface History {
  readonly name: string
  /** The last number it has. */
  last(): number
  readonly entries: readonly { readonly seq: number; readonly t: string; readonly digest: string }[]
  add(update: Update): void
}
/** `broken` is told when an update is not the one that is due. `whole`: every number must come; otherwise they only grow. */
export function createHistory(name: string, whole: boolean, broken: (what: string) => void): History {
  const entries: { seq: number; t: string; digest: string }[] = []
  let last = 0
  return {
    name,
    entries,
    last: () => last,
    add(update) {
      const { seq, body } = update
      if (whole ? seq !== last + 1 : seq <= last) return broken(`${name} got ${seq} (${body.t}) after ${last}.`)
      last = seq
      entries.push({ seq, t: body.t, digest: digest(update) })
    },
  }
}
/**
 * Compares what a reader saw with the log as it is at the end. What has been erased since is not there to compare; it must have been a message. Answers what differs,
 * at most a few.
 */
export function differences({ name, entries }: History, log: readonly Update[]): string[] {
  const found: string[] = []
  if (entries.length !== log.length) found.push(`${name} has ${entries.length} updates of ${log.length}.`)
  for (const [at, update] of log.entries()) {
    const seen = entries[at]
    if (seen === undefined || found.length > 3) break
    const isErased = update.body.t === 'erased' || seen.t === 'erased'
    const fits = isErased
      ? ['new-message', 'erased'].includes(update.body.t) && ['new-message', 'erased'].includes(seen.t)
      : seen.digest === digest(update)
    if (seen.seq !== update.seq || !fits) found.push(`${name} has ${seen.seq} ${seen.t} where the log has ${update.seq} ${update.body.t}.`)
  }
  return found
}
