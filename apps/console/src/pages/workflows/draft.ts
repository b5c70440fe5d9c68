import type { ChainStep } from '../../executions/chain.ts'
import { linksOf } from '../../executions/chain.ts'
import type { Inputs } from '../../executions/inputs-form.tsx'
import type { AnswerOf, InputOf } from '../../platform/daemon.ts'

export type Workflow = AnswerOf<'workflows.get'>
/** A step while it is edited. `key` stays when its id changes. */
export interface DraftStep extends ChainStep {
  readonly key: string
  readonly inputs: Inputs
  readonly retry?: { readonly max: number; readonly backoffMs: number } | undefined
  readonly timeoutMs?: number | undefined
}
/** A workflow while it is edited. */
export interface Draft {
  readonly name: string
  readonly description: string
  /** JSON Schema of what a run is given; null: anything. */
  readonly inputs: Readonly<Record<string, unknown>> | null
  readonly permissions: readonly string[]
  readonly steps: readonly DraftStep[]
  /** The version that it began from; 0 for a new one. */
  readonly version: number
}
export const emptyDraft: Draft = { name: '', description: '', inputs: null, permissions: [], steps: [], version: 0 }

/** A stored version as a draft. */
export const draftOf = ({ name, description, inputs, permissions, steps, version }: Workflow): Draft => ({
  name,
  description: description ?? '',
  inputs,
  permissions,
  steps: steps.map((step, index) => ({ ...step, inputs: step.inputs as Inputs, key: `${index}` })),
  version,
})
/** A draft as it is sent. */
export function sentOf({ name, description, inputs, permissions, steps }: Draft): Omit<InputOf<'workflows.save'>, 'id'> {
  const plain = { name: name.trim(), permissions, ...(description === '' ? {} : { description }), ...(inputs === null ? {} : { inputs }) }
  return JSON.parse(JSON.stringify({ ...plain, steps: steps.map(({ key: _key, ...step }) => step) })) as Omit<InputOf<'workflows.save'>, 'id'>
}
/** Whether two drafts would be saved as the same. */
export const isSame = (one: Draft, other: Draft): boolean => JSON.stringify(ordered(sentOf(one))) === JSON.stringify(ordered(sentOf(other)))
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  )
}
const freeId = (steps: readonly DraftStep[], wanted: string): string => {
  const taken = new Set(steps.map(({ id }) => id))
  if (!taken.has(wanted)) return wanted
  for (let n = 2; ; n++) if (!taken.has(`${wanted}_${n}`)) return `${wanted}_${n}`
}
/** A new step that calls a tool, or runs a workflow, at the end; it comes after the last one that there is. */
export function withStep(draft: Draft, target: { readonly toolId: string } | { readonly workflowId: string }, key: string): Draft {
  const name = 'toolId' in target ? target.toolId.slice(target.toolId.indexOf('.') + 1) : 'workflow'
  const id = freeId(draft.steps, /^[A-Za-z]/.test(name) ? name.slice(0, 50) : `step-${name.slice(0, 50)}`)
  return { ...draft, steps: [...draft.steps, { key, id, ...target, inputs: {} }] }
}
export const changeStep = (draft: Draft, key: string, changed: Partial<DraftStep>): Draft => ({
  ...draft,
  steps: draft.steps.map((step) => (step.key === key ? { ...step, ...changed } : step)),
})
/** Moves a step up (-1) or down (1). The order is for readers: what runs when is said by what depends on what. */
export function moveStep(draft: Draft, key: string, by: -1 | 1): Draft {
  const at = draft.steps.findIndex((step) => step.key === key)
  const to = at + by
  const [step, other] = [draft.steps[at], draft.steps[to]]
  if (!step || !other) return draft
  return { ...draft, steps: draft.steps.with(at, other).with(to, step) }
}
/** Takes a step out, also where others name it to wait for it. Templates that read it stay: saving says so. */
export function withoutStep(draft: Draft, key: string): Draft {
  const gone = draft.steps.find((step) => step.key === key)
  if (!gone) return draft
  const steps = draft.steps
    .filter((step) => step !== gone)
    .map((step) => ({
      ...step,
      ...(step.dependsOn?.includes(gone.id) ? { dependsOn: step.dependsOn.filter((id) => id !== gone.id) } : {}),
      ...(typeof step.onError === 'object' && step.onError.goto === gone.id ? { onError: undefined } : {}),
    }))
  return { ...draft, steps }
}
/** Puts a removed step back where it was among the steps of before, and into those that waited for it or fell back on it. */
export function withStepAgain(draft: Draft, before: readonly DraftStep[], key: string): Draft {
  const at = before.findIndex((step) => step.key === key)
  const step = before[at]
  if (!step || draft.steps.some((one) => one.key === key)) return draft
  const former = new Map(before.map((one) => [one.key, one]))
  const steps = draft.steps.map((one): DraftStep => {
    const { dependsOn, onError } = former.get(one.key) ?? {}
    return {
      ...one,
      ...(dependsOn?.includes(step.id) ? { dependsOn: [...(one.dependsOn ?? []), step.id] } : {}),
      ...(typeof onError === 'object' && onError.goto === step.id ? { onError } : {}),
    }
  })
  return { ...draft, steps: steps.toSpliced(at, 0, step) }
}
const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
/** Gives a step another id, also wherever others name it: to wait for it, to fall back on it, in templates and conditions. */
export function renameStep(draft: Draft, key: string, id: string): Draft {
  const old = draft.steps.find((step) => step.key === key)?.id
  if (old === undefined || old === id) return draft
  const isTwice = draft.steps.some((step) => step.key !== key && step.id === old)
  const path = new RegExp(`\\bsteps(\\s*)(?:\\.(\\s*)${escaped(old)}(?![\\p{L}\\p{N}_$-])|\\[\\s*(['"])${escaped(old)}\\3\\s*\\])`, 'gu')
  const inExpression = (text: string) => text.replaceAll(path, `steps.${id}`)
  const inText = (text: string) => text.replaceAll(/\{\{.*?\}\}/gs, inExpression)
  const inValue = (value: unknown): unknown => {
    if (typeof value === 'string') return inText(value)
    if (Array.isArray(value)) return value.map(inValue)
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inValue(inner)]))
      : value
  }
  const steps = draft.steps.map((step): DraftStep => {
    const named = step.key === key ? { ...step, id } : step
    // Of two steps with one id nobody can say which was meant.
    if (old === '' || isTwice) return named
    return {
      ...named,
      inputs: inValue(named.inputs) as Inputs,
      ...(named.dependsOn ? { dependsOn: named.dependsOn.map((one) => (one === old ? id : one)) } : {}),
      ...(named.if === undefined ? {} : { if: inExpression(named.if) }),
      ...(named.forEach ? { forEach: { ...named.forEach, in: inExpression(named.forEach.in) } } : {}),
      ...(typeof named.onError === 'object' && named.onError.goto === old ? { onError: { goto: id } } : {}),
    }
  })
  return { ...draft, steps }
}
/** The steps that may run before this one: all but itself and those that come after it. */
export function stepsBefore(steps: readonly DraftStep[], id: string): DraftStep[] {
  const links = linksOf(steps)
  const after = new Set([id])
  for (let size = 0; size !== after.size;) {
    size = after.size
    for (const { from, to } of links) if (after.has(from)) after.add(to)
  }
  return steps.filter((step) => !after.has(step.id))
}
