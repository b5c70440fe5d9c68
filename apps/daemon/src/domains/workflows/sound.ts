import { Fault } from '@steward/contract'
import { can, type Caller } from '@steward/kernel'
import type { Problem } from '../../engine/execution/types.ts'
import type { WorkflowDefinition } from '../../engine/workflow/types.ts'
import { assertReadable, type Place } from '../../platform/yaml-reader.ts'
import { toYaml } from './yaml.ts'

type LineOf = (place: Place) => number
const mostShown = 100

/** Throws Fault `forbidden` where a definition declares a permission that the caller does not hold: nobody saves a workflow wider than themselves. */
export function assertHeld({ permissions }: WorkflowDefinition, caller: Caller): void {
  const lacking = permissions.find((permission) => !can(caller, permission))
  if (lacking !== undefined)
    throw new Fault('forbidden', `The workflow declares the permission ${lacking}, which this credential does not hold; declare only what you hold.`)
}
/** Throws Fault `too_large` for a definition whose YAML could not be read back. */
export const assertReadableAsYaml = (id: string, definition: WorkflowDefinition): void => assertReadable(toYaml(id, definition))

/** Throws Fault `unprocessable` with the first problem in words and all of them as details; with lines where the definition came from a file. */
export function assertNone(problems: readonly Problem[], lineOf?: LineOf, before = ''): void {
  const [first] = problems
  if (!first) return
  const told = problems.slice(0, mostShown).map((problem) => ({ ...problem, ...(lineOf ? { line: lineOf(placeIn(problem.path)) } : {}) }))
  const where = [lineOf ? `Line ${lineOf(placeIn(first.path))}` : '', first.path].filter((part) => part !== '').join(', ')
  const sentence = first.message.replace(/\.$/, '')
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`
  const words = `${where === '' ? '' : `${where}: `}${sentence}${more}${more === '' && sentence.endsWith('.)') ? '' : '.'}`
  throw new Fault('unprocessable', `${before}${words}`, { problems: told })
}
/** `steps[2].inputs.uri` as the parts it is made of. */
const placeIn = (path: string): Place =>
  [...path.matchAll(/\[(\d+)\]|\[["']([^"']*)["']\]|([^.[\]]+)/g)].map(([, index, quoted, name]) =>
    index === undefined ? (quoted ?? name ?? '') : Number(index),
  )
