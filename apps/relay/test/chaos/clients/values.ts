import type { Field } from '../field.ts'
import type { Ledger } from '../ledger.ts'

type Answer =
  | { readonly success: true }
  | { readonly success: false; readonly errors: readonly { readonly version: number; readonly value: string | null }[] }
/** Keys that are always set together: they never differ. */
export const pair = ['left', 'right'] as const

/** Sets both keys of the pair to a value of its own, against others who do the same. */
export async function setPair(field: Field, ledger: Ledger, name: string): Promise<void> {
  const { tally } = field
  let expected = -1
  for (let at = 0; !field.isOver(); at++) {
    const value = Buffer.from(`${name}.${at}`).toString('base64')
    for (;;) {
      const mutations = pair.map((key) => ({ key, value, version: expected }))
      const { status, body, tries } = await field.ask<Answer>('POST', '/v1/kv', { mutations })
      if (status === 404) return tally.broken(`${name} was answered 404.`)
      const there = body.success ? { version: expected + 1, value } : body.errors[0]
      expected = there?.version ?? -1
      if (there?.value === value) {
        ledger.kept.push({ value, version: expected })
        tally.count('values acknowledged')
        break
      }
      // An earlier try may have been kept and overwritten: to try again could keep it twice.
      if (tries > 1) break
    }
    await field.pause(500)
  }
}
