import { parts as words } from '../text/parts.ts'

export interface ComboOption {
  readonly value: string
  readonly label: string
  /** Stands beside it in small letters. */
  readonly note?: string
  /** The heading it stands under. */
  readonly group?: string
  readonly disabled?: boolean
}
/** A type, not an interface: the list wants groups that may hold more than it knows. */
export type OptionGroup = {
  /** Empty for those without one. */
  readonly name: string
  readonly items: ComboOption[]
}
/** Options under their headings, both in the order they came in. */
export function grouped(options: readonly ComboOption[]): readonly OptionGroup[] {
  return [...Map.groupBy(options, ({ group = '' }) => group)].map(([name, items]) => ({ name, items }))
}
const plain = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()

/** The options in which each word of the query is found, in any order. `free`: what was typed can be taken itself, unless it is an option. */
export function filterOptions(groups: readonly OptionGroup[], query: string, free: boolean): readonly OptionGroup[] {
  const sought = plain(query)
    .split(/\s+/)
    .filter((word) => word !== '')
  const found = groups
    .map(({ name, items }) => ({
      name,
      items: items.filter(({ label, note = '', value }) => {
        const text = plain(`${label} ${note} ${name} ${value}`)
        return sought.every((word) => text.includes(word))
      }),
    }))
    .filter(({ items }) => items.length > 0)
  const typed = query.trim()
  const isOption = groups.some(({ items }) => items.some(({ value, label }) => value === typed || label === typed))
  return free && typed !== '' && !isOption ? [...found, { name: '', items: [{ value: typed, label: words.take(typed) }] }] : found
}
