import type { JsonSchema } from '../../engine/execution/types.ts'
import type { Json } from '../../engine/types.ts'
import { type Root, textsIn } from './reads.ts'
import type { ManifestTool } from './schema.ts'

/** A text with templates, its place in the manifest, what it may read, and what it must come to. */
export interface Spot {
  readonly path: string
  readonly text: string
  readonly may: readonly Root[]
  readonly target?: JsonSchema
}
/** What is judged and shown before the call runs: no secrets, and nothing that is only known once it runs. */
const shown: readonly Root[] = ['inputs', 'settings']
const sent: readonly Root[] = ['inputs', 'settings', 'secrets', 'call']
const one: JsonSchema = { type: ['string', 'number', 'boolean', 'null'] }
const several: JsonSchema = { type: ['string', 'number', 'boolean', 'null', 'array'] }

/** All texts of a tool in which templates are filled in. `at` is the tool's place. */
export function spotsOf({ http, command }: ManifestTool, at: string): readonly Spot[] {
  const all = (value: Json | undefined, path: string, rest: Omit<Spot, 'path' | 'text'>): Spot[] =>
    value === undefined ? [] : textsIn(value, path).map((spot) => ({ ...spot, ...rest }))
  if (http)
    return [
      { path: `${at}.http.url`, text: http.url, may: shown },
      ...all(http.query, `${at}.http.query`, { may: sent, target: several }),
      ...all(http.headers, `${at}.http.headers`, { may: sent, target: one }),
      ...all(http.body, `${at}.http.body`, { may: sent }),
      ...all(http.form, `${at}.http.form`, { may: sent, target: several }),
      ...all(http.text, `${at}.http.text`, { may: sent, target: one }),
    ]
  if (!command) return []
  return [
    ...all(command.argv, `${at}.command.argv`, { may: shown, target: several }),
    ...all(command.stdin, `${at}.command.stdin`, { may: sent, target: one }),
    ...all(command.env, `${at}.command.env`, { may: sent, target: one }),
  ]
}
