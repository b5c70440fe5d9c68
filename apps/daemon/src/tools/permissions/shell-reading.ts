/** One shell word as the shell would see it after removing quotes. */
export interface Word {
  readonly text: string
  /** The unquoted value; where a part is not known, that part's source text stands in its place. */
  readonly value: string
  /** Nothing in it is expanded: `value` is exactly what the command gets. */
  readonly literal: boolean
  /** It may turn into a flag, into several words or into none. */
  readonly open: boolean
}
export interface Assignment {
  readonly name: string
  readonly value: string
  readonly literal: boolean
}
export interface Redirection {
  readonly op: string
  readonly target: string
  readonly literal: boolean
  /** It may write something other than /dev/null and the command's own streams. */
  readonly write: boolean
}
/** A command without control operators. `words` is empty where a line only assigns or redirects. */
export interface SimpleCommand {
  readonly words: readonly string[]
  /** Indexes of words whose value is not known before the line runs. */
  readonly unsure: readonly number[]
  /** Indexes of words that may become flags, several words or none. */
  readonly open: readonly number[]
  readonly literal: boolean
  readonly text: string
  readonly assignments: readonly Assignment[]
  readonly redirections: readonly Redirection[]
  /** The wrapper that runs it (`env`, `xargs`, …), where it does not stand in the line by itself. */
  readonly via?: string
}
/** What a line would run. `opaque` holds a reason for each part that could not be read; empty when all was read. */
export interface ShellReading {
  readonly line: string
  readonly commands: readonly SimpleCommand[]
  readonly opaque: readonly string[]
}

/** What a command runs besides itself: word lists, whole lines, and why something could not be read. */
export interface Inner {
  readonly commands?: readonly (readonly Word[])[]
  readonly lines?: readonly string[]
  readonly opaque?: string
}

/** Puts words together to a simple command. `extra` carries what does not come from the words. */
export function simpleCommand(
  words: readonly Word[],
  extra: Pick<SimpleCommand, 'text'> & Partial<Pick<SimpleCommand, 'assignments' | 'redirections' | 'via'>>,
): SimpleCommand {
  const at = (test: (word: Word) => boolean) => words.flatMap((word, index) => (test(word) ? [index] : []))
  const unsure = at((word) => !word.literal)
  return {
    assignments: [],
    redirections: [],
    words: words.map((word) => word.value),
    unsure,
    open: at((word) => word.open),
    literal: unsure.length === 0,
    ...extra,
  }
}

/** The last segment of a command's name: `/usr/bin/git` is `git`. */
export const baseName = (name: string): string => name.slice(name.lastIndexOf('/') + 1)
