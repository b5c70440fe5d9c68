import type { EventLog } from './platform/storage/event-log.ts'

const changes = new Set(['provider.changed', 'secret.changed', 'auth.changed'])

/** All secrets that are known, for taking them out of whatever leaves: those of the start, and those of rooms, read again when one has changed, or with `refresh`. */
export function createSecretWords(log: Pick<EventLog, 'listen'>, fixed: readonly string[]) {
  const sources: (() => readonly string[])[] = []
  let words = fixed
  const read = () => void (words = [...fixed, ...sources.flatMap((source) => source())])
  log.listen((fresh) => {
    if (fresh.some(({ name }) => changes.has(name))) read()
  })
  return {
    words: () => words,
    refresh: read,
    /** From now on those of this room too. */
    add(source: () => readonly string[]) {
      sources.push(source)
      read()
    },
  }
}
