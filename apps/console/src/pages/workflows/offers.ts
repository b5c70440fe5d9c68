import { objectOf } from '../../executions/json-text.ts'
import { stepsBefore, type Draft, type DraftStep } from './draft.ts'

/** What a template may read, in the words that are written. */
export interface Offer {
  readonly path: string
  readonly about?: string | undefined
}
interface Target {
  readonly outputsSchema?: unknown
}
const deepest = 2
const name = (key: string) => (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : `['${key.replaceAll("'", "\\'")}']`)

function within(path: string, schema: unknown, depth: number): Offer[] {
  const properties = objectOf(objectOf(schema)?.['properties'])
  if (properties === null || depth === 0) return []
  return Object.entries(properties).flatMap(([key, inner]) => {
    const about = objectOf(inner)?.['description']
    const here = `${path}${name(key)}`
    return [{ path: here, ...(typeof about === 'string' ? { about } : {}) }, ...within(here, inner, depth - 1)]
  })
}
/** All that the templates of a step may read: the inputs of the run, what steps before it gave, in a loop the element. */
export function offersFor(draft: Draft, step: DraftStep, toolOf: (toolId: string) => Target | undefined): Offer[] {
  const inputs = within('inputs', draft.inputs, deepest)
  const earlier = stepsBefore(draft.steps, step.id).flatMap(({ id, toolId, forEach }) => {
    const outputs = `steps${name(id)}.outputs`
    const schema = toolId === undefined ? undefined : toolOf(toolId)?.outputsSchema
    return [
      { path: outputs },
      ...within(forEach ? `${outputs}[*]` : outputs, schema, deepest),
      { path: `steps${name(id)}.status` },
      { path: `steps${name(id)}.error.message` },
    ]
  })
  return [...(step.forEach ? [{ path: 'item' }, { path: 'index' }] : []), ...inputs, ...earlier]
}
/** The offers for what is being written: those that begin like it, then those that hold it. */
export function fitting(offers: readonly Offer[], written: string): Offer[] {
  const wanted = written.trim().toLowerCase()
  const begins = offers.filter(({ path }) => path.toLowerCase().startsWith(wanted))
  const holds = offers.filter((offer) => !begins.includes(offer) && offer.path.toLowerCase().includes(wanted))
  return [...begins, ...holds].slice(0, 50)
}
/**
 * What is being written at the caret: within `{{`, or in a field that is an expression as a whole. `from` is where it begins; null where no template is being written.
 */
export function writtenAt(
  text: string,
  caret: number,
  isExpression: boolean,
): { readonly from: number; readonly written: string; readonly isTemplate: boolean } | null {
  const before = text.slice(0, caret)
  const opened = before.lastIndexOf('{{')
  const isOpen = opened !== -1 && !before.slice(opened).includes('}}')
  if (!isOpen && !isExpression) return null
  const begin = isOpen ? opened + 2 : 0
  const word = /[\p{L}\p{N}_$.[\]*-]*$/u.exec(before.slice(begin))?.[0] ?? ''
  // Within quotes one writes a text.
  if ((before.slice(begin, caret - word.length).split("'").length - 1) % 2 === 1) return null
  return { from: caret - word.length, written: word, isTemplate: isOpen }
}
/** The text with an offer in the place of what was written, and where the caret then stands. A template is closed. */
export function taken(
  text: string,
  caret: number,
  from: number,
  path: string,
  isTemplate: boolean,
): { readonly text: string; readonly caret: number } {
  const [before, after] = [text.slice(0, from), text.slice(caret)]
  if (!isTemplate) return { text: `${before}${path}${after}`, caret: from + path.length }
  const padded = before.endsWith('{{') ? `${before} ` : before
  const closes = /^\s*(?:\}\}|\|)/.test(after)
  const start = `${padded}${path}${closes ? '' : ' }}'}`
  return { text: `${start}${after}`, caret: start.length }
}
