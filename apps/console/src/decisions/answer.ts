import type { ItemOf } from '../platform/operations.ts'

export type Question = ItemOf<'questions.list'>
export type Item = Question['items'][number]
/** What a person has chosen of one question's options, and written beside them. */
export interface Choice {
  readonly chosen: readonly string[]
  readonly own: string
}
export const nothing: Choice = { chosen: [], own: '' }

/** The choice after an option was pressed: one of many goes on and off, the only one takes the place of what was there. */
export function toggled(item: Item, { chosen, own }: Choice, label: string): Choice {
  if (item.multiSelect !== true) return { chosen: [label], own: '' }
  return { chosen: chosen.includes(label) ? chosen.filter((one) => one !== label) : [...chosen, label], own }
}
export const isAnswered = ({ chosen, own }: Choice): boolean => chosen.length > 0 || own.trim() !== ''

/** The answer as it is sent: a list where several may be chosen, in the order of the options, else one text. Unanswered ones are empty. */
export function answersOf(items: readonly Item[], choices: Readonly<Record<string, Choice>>): Record<string, string | string[]> {
  return Object.fromEntries(
    items.map((item) => {
      const { chosen, own } = choices[item.id] ?? nothing
      const written = own.trim()
      if (item.multiSelect !== true) return [item.id, written === '' ? (chosen[0] ?? '') : written]
      const inOrder = (item.options ?? []).map(({ label }) => label).filter((label) => chosen.includes(label))
      return [item.id, written === '' ? inOrder : [...inOrder, written]]
    }),
  )
}
