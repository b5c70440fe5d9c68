const bare = /^[A-Za-z0-9_@%+:,./-]+$/

/** Words as a line for a POSIX shell (XCU 2.2.2) that reads exactly these words again: for rules and people, never run. */
export const shellLine = (words: readonly string[]): string =>
  words.map((word) => (bare.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`)).join(' ')
