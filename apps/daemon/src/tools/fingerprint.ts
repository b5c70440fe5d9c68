import { createHash } from 'node:crypto'
import type { ToolListing } from './registry.ts'

/** What of a tool a plan relies on. Schemas by their SHA-256, hex. */
export interface ToolPrint {
  readonly inputs: string
  readonly outputs: string | null
  readonly permissions: readonly string[]
  readonly risk: string
}
const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')
export const printOf = ({ inputsSchema, outputsSchema, permissions, risk }: ToolListing): ToolPrint => ({
  inputs: hash(inputsSchema),
  outputs: outputsSchema === undefined ? null : hash(outputsSchema),
  permissions: [...permissions].toSorted(),
  risk,
})
/** What has changed between two prints of one tool, in words; empty when nothing has. `now` undefined: the tool is gone. */
export function changesOf(before: ToolPrint, now: ToolPrint | undefined): string[] {
  if (now === undefined) return ['removed']
  return [
    ...(before.inputs === now.inputs ? [] : ['inputs']),
    ...(before.outputs === now.outputs ? [] : ['outputs']),
    ...(before.permissions.join() === now.permissions.join() ? [] : ['permissions']),
    ...(before.risk === now.risk ? [] : ['risk']),
  ]
}
/** SHA-256, hex, over a plan's steps and the prints of its tools. */
export const planHash = (steps: unknown, prints: Readonly<Record<string, ToolPrint>>): string =>
  hash([steps, Object.entries(prints).toSorted(([one], [other]) => (one < other ? -1 : 1))])
