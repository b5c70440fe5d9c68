/** Something that can be found: a page, a thing, a command. `to` is its address in the console; a command has a `run` instead. */
export interface Entry {
  readonly id: string
  readonly kind: Kind
  readonly label: string
  readonly note?: string
  /** More words that it is found by. */
  readonly words?: string
  readonly to?: string
  readonly run?: () => void
}
/** Kinds in the order in which they are shown. */
export const kinds = ['recent', 'commands', 'pages', 'sessions', 'messages', 'tools', 'workflows', 'tasks', 'memories', 'settings'] as const
export type Kind = (typeof kinds)[number]
/** So many of each kind are shown. */
const most = 6

/** How well an entry fits: null when a word is missing; more is better. A word counts most where the label, or a word of it, begins with it. */
export function score({ label, note = '', words = '' }: Pick<Entry, 'label' | 'note' | 'words'>, query: string): number | null {
  const [name, rest] = [label.toLowerCase(), `${note} ${words}`.toLowerCase()]
  let sum = 0
  for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = name.indexOf(word)
    if (at === 0) sum += 8
    else if (at > 0) sum += /[\s./_-]/.test(name[at - 1] ?? '') ? 5 : 2
    else if (rest.includes(word)) sum += 1
    else return null
  }
  return sum
}
/** The entries that fit, by kind, best first; what the daemon has found fits as it is. Without a query: what was used last, and what is always there. */
export function groups(
  entries: readonly Entry[],
  query: string,
  recent: readonly string[],
): readonly { readonly kind: Kind; readonly entries: readonly Entry[] }[] {
  const asked = query.trim()
  const place = (id: string) => (recent.includes(id) ? recent.length - recent.indexOf(id) : 0)
  const chosen = new Map<Kind, readonly Entry[]>()
  if (asked === '') {
    const last = recent.flatMap((id) => entries.find((entry) => entry.id === id) ?? []).slice(0, most)
    chosen.set('recent', last)
    for (const kind of ['commands', 'pages', 'sessions'] as const)
      chosen.set(kind, entries.filter((entry) => entry.kind === kind && !last.includes(entry)).slice(0, kind === 'pages' ? undefined : most))
  } else {
    for (const kind of kinds) {
      const found = entries
        .filter((entry) => entry.kind === kind)
        .flatMap((entry) => {
          const fit = kind === 'messages' || kind === 'memories' ? 0 : score(entry, asked)
          return fit === null ? [] : [{ entry, fit: fit * 10 + place(entry.id) }]
        })
        .toSorted((one, other) => other.fit - one.fit)
      chosen.set(
        kind,
        found.slice(0, most).map(({ entry }) => entry),
      )
    }
  }
  return kinds.flatMap((kind) => {
    const of = chosen.get(kind) ?? []
    return of.length > 0 ? [{ kind, entries: of }] : []
  })
}
