import type { Fault } from '@steward/contract'
import type { Draft } from './draft.ts'

/** What is wrong, in the daemon's sentences, by the place in what was sent. */
export type Errors = Readonly<Record<string, string>>
export interface FieldsProps {
  readonly draft: Draft
  readonly change: (change: Partial<Draft>) => void
  readonly errors: Errors
}
interface Issue {
  readonly path: string
  readonly message: string
}
/** The places that a refusal names. Empty where it names none. */
export function errorsOf(fault: Fault | null | undefined): Errors {
  const issues = (fault?.details as { readonly issues?: readonly Issue[] } | undefined)?.issues
  if (!Array.isArray(issues)) return {}
  return Object.fromEntries((issues as readonly Issue[]).map(({ path, message }) => [path, sentenceOf(message)]))
}
/** `must look like 22:30` → `Must look like 22:30.` */
const sentenceOf = (message: string): string => {
  const text = message.replace(/^[\w.]+: /, '')
  const said = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.?]$/.test(said) ? said : `${said}.`
}
/** All zones that this browser knows, that of the form among them. */
export function zones(chosen: string): readonly string[] {
  const known = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]
  return known.includes(chosen) ? known : [chosen, ...known]
}
