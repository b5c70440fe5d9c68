import { parseExpression, parseText } from '../../engine/templates/parse.ts'
import { pathsOf } from '../../engine/templates/references.ts'
import { tokenAt } from '../../engine/templates/tokens.ts'
import { TemplateFault, type PathExpression } from '../../engine/templates/types.ts'
import type { Json } from '../../engine/types.ts'
import type { WorkflowDefinition } from '../../engine/workflow/types.ts'

type Step = WorkflowDefinition['steps'][number]
type Names = ReadonlyMap<string, string>

/** Gives steps other ids, also wherever they name each other: in `dependsOn`, in `goto` and in templates. A text that is no template stays as it is. */
export function renameSteps(steps: readonly Step[], names: Names): Step[] {
  if ([...names].every(([from, to]) => from === to)) return [...steps]
  const renamed = (id: string) => names.get(id) ?? id
  return steps.map((step): Step => {
    const { dependsOn, forEach, onError } = step
    return {
      ...step,
      id: renamed(step.id),
      inputs: inValue(step.inputs, names) as Step['inputs'],
      ...(dependsOn ? { dependsOn: dependsOn.map(renamed) } : {}),
      ...(step.if === undefined ? {} : { if: inExpression(step.if, names) }),
      ...(forEach ? { forEach: { ...forEach, in: inExpression(forEach.in, names) } } : {}),
      ...(typeof onError === 'object' ? { onError: { goto: renamed(onError.goto) } } : {}),
    }
  })
}
function inValue(value: Json, names: Names): Json {
  if (typeof value === 'string') return value.includes('{{') ? inText(value, names) : value
  if (Array.isArray(value)) return value.map((inner) => inValue(inner, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inValue(inner, names)]))
}
const inText = (text: string, names: Names): string =>
  rewritten(text, names, () => parseText(text).flatMap((part) => (typeof part === 'string' ? [] : pathsOf(part.expression))))
const inExpression = (text: string, names: Names): string => rewritten(text, names, () => pathsOf(parseExpression(text)))

function rewritten(text: string, names: Names, paths: () => readonly PathExpression[]): string {
  try {
    return paths()
      .filter(({ root }) => root === 'steps')
      .toSorted((one, other) => other.at - one.at)
      .reduce((made, path) => inPath(made, path, names), text)
  } catch (error) {
    if (error instanceof TemplateFault) return text
    throw error
  }
}
/** `steps.a` or `steps['a']`: the second segment is the step's id. */
function inPath(text: string, { at, segments: [id] }: PathExpression, names: Names): string {
  const name = typeof id === 'string' ? names.get(id) : undefined
  if (name === undefined) return text
  const sign = tokenAt(text, tokenAt(text, at).end)
  const old = tokenAt(text, sign.end)
  const end = sign.value === '[' ? tokenAt(text, old.end).end : old.end
  return `${text.slice(0, sign.at)}.${name}${text.slice(end)}`
}
