import { Fault } from '@steward/contract'
import { workflows } from '@steward/contract/daemon'
import { Document, isScalar, visit } from 'yaml'
import type { WorkflowDefinition } from '../../engine/workflow/types.ts'
import { faultAt, readYaml, type Place } from '../../platform/yaml-reader.ts'

/** What other readers of YAML could take for an end of line, for nothing, or not read at all: such a text is written with escapes. */
const unplain = /[\p{Cc}--[\t\n]]|[\u2028\u2029\ufeff\ufffe\uffff\p{Cs}]/v

/** Lines of nothing but blanks, and blanks at the ends, do not come through as a block of lines. */
const unblocked = /^[ \t\n]|\n[ \t]+(?:\n|$)|[ \t]$/
const isPlain = (text: string): boolean => !unplain.test(text) && !(text.includes('\n') && unblocked.test(text))

/**
 * A workflow as YAML 1.2: `id` and `name` first, fields in a fixed order, no comments, anchors, tags or folded lines. What it says is exactly the
 * definition: reading it back gives an equal one.
 */
export function toYaml(id: string, { name, description, inputs, permissions, steps }: WorkflowDefinition): string {
  const document = new Document({ id, name, description, inputs, permissions, steps: steps.map(inOrder) }, { aliasDuplicateObjects: false })
  visit(document, {
    Scalar(key, node) {
      if (typeof node.value !== 'string') return
      if (!isPlain(node.value) || (key === 'key' && node.value === '<<')) node.type = 'QUOTE_DOUBLE'
    },
    Pair: (_key, { value }) => (isScalar(value) && value.value === undefined ? visit.REMOVE : undefined),
  })
  return document.toString({ lineWidth: 0, minContentWidth: 0, blockQuote: 'literal', doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER })
}
type Step = WorkflowDefinition['steps'][number]
const inOrder = ({ id, toolId, workflowId, dependsOn, if: condition, forEach, inputs, retry, timeoutMs, onError }: Step) => ({
  id,
  toolId,
  workflowId,
  dependsOn,
  if: condition,
  forEach,
  inputs: Object.keys(inputs).length === 0 ? undefined : inputs,
  retry,
  timeoutMs,
  onError,
})

/** A workflow that was read from a file. `lineOf` tells where a place of it stands. */
export interface ReadWorkflow {
  readonly id: string | undefined
  readonly definition: WorkflowDefinition
  lineOf(place: Place): number
}
/** Reads a workflow from YAML. Throws Fault `invalid` with the line for what is no YAML, has no JSON, or is no workflow by its shape. */
export function fromYaml(text: string): ReadWorkflow {
  const { value, lineOf } = readYaml(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw faultAt(1, 'A workflow is written as fields: name, permissions, steps.')
  const parsed = workflows['workflows.save'].input.safeParse(value)
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 20).map((issue) => {
      const place = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
      return { path: wordsOf(place), line: lineOf(place), message: issue.message.slice(0, 300) }
    })
    const [first] = issues
    throw new Fault('invalid', `Line ${first?.line ?? 1}: ${first?.path ? `${first.path}: ` : ''}${first?.message ?? 'This is no workflow'}.`, {
      issues,
    })
  }
  const { id, ...definition } = parsed.data
  return { id, definition: JSON.parse(JSON.stringify(definition)) as WorkflowDefinition, lineOf }
}
const wordsOf = (place: Place): string =>
  place.reduce<string>((path, part) => (typeof part === 'number' ? `${path}[${part}]` : path === '' ? String(part) : `${path}.${String(part)}`), '')
