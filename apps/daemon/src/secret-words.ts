import type { EventLog } from './platform/storage/event-log.ts'

/** All secrets that are known, for taking them out of whatever leaves: those of the start, and those of rooms, read again when one has changed. */
export function createSecretWords(log: Pick<EventLog, 'listen'>, fixed: readonly string[]) {
  const sources: (() => readonly string[])[] = []
  let words = fixed
  const read = () => void (words = [...fixed, ...sources.flatMap((source) => source())])
  log.listen((fresh) => {
    if (fresh.some(({ name }) => name === 'provider.changed' || name === 'secret.changed')) read()
  })
  return {
    words: () => words,
    /** From now on those of this room too. */
    add(source: () => readonly string[]) {
      sources.push(source)
      read()
    },
  }
}
