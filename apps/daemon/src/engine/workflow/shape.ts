import { isPermission } from './permissions.ts'
import { quoted, type Problems } from './problems.ts'
import { limits, type StepDefinition, type WorkflowDefinition } from './types.ts'

const idForm = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/
const reserved = new Set(['__proto__', 'constructor', 'prototype'])
const isWhole = (value: number, least: number, most: number): boolean => Number.isInteger(value) && value >= least && value <= most

/** Checks what can be seen without knowing tools: ids, numbers, and that each step does one thing. Gives false when the steps cannot be gone through. */
export function checkShape({ permissions, steps }: WorkflowDefinition, problems: Problems): boolean {
  for (const [n, permission] of permissions.entries()) {
    if (!isPermission(permission)) problems.add(`permissions[${n}]`, `${quoted(permission)} is no permission. Write noun:verb, noun:*, *:verb or *.`)
  }
  if (steps.length === 0) problems.add('steps', 'A workflow has at least one step.')
  if (steps.length > limits.steps) problems.add('steps', `A workflow has at most ${limits.steps} steps; this one has ${steps.length}.`)
  if (steps.length === 0 || steps.length > limits.steps) return false
  const first = new Map<string, number>()
  for (const [n, step] of steps.entries()) {
    checkStep(step, `steps[${n}]`, problems)
    const earlier = first.get(step.id)
    if (earlier === undefined) first.set(step.id, n)
    else problems.add(`steps[${n}].id`, `steps[${earlier}] has the id ${quoted(step.id)} already. Give each step its own.`)
  }
  return true
}
function checkStep(step: StepDefinition, path: string, problems: Problems): void {
  const { id, toolId, workflowId, forEach, retry, timeoutMs } = step
  if (!idForm.test(id) || reserved.has(id)) {
    problems.add(`${path}.id`, `${quoted(id)} is no id of a step. Begin with a letter; then up to 63 letters, digits, _ and -.`)
  }
  if ((toolId === undefined) === (workflowId === undefined)) problems.add(path, 'A step names either a toolId or a workflowId.')
  if (forEach && !isWhole(forEach.limit, 1, limits.forEach))
    problems.add(`${path}.forEach.limit`, `wants a whole number from 1 to ${limits.forEach}.`)
  if (retry && !isWhole(retry.max, 1, limits.retries)) problems.add(`${path}.retry.max`, `wants a whole number from 1 to ${limits.retries}.`)
  if (retry && !isWhole(retry.backoffMs, 0, limits.backoffMs)) {
    problems.add(`${path}.retry.backoffMs`, `wants a whole number from 0 to ${limits.backoffMs}.`)
  }
  if (timeoutMs !== undefined && !isWhole(timeoutMs, 1, limits.timeoutMs)) {
    problems.add(`${path}.timeoutMs`, `wants a whole number from 1 to ${limits.timeoutMs}.`)
  }
  if (workflowId !== undefined && retry)
    problems.add(`${path}.retry`, 'Only a step with a tool is retried; say it in the steps of the workflow inside.')
  if (workflowId !== undefined && timeoutMs !== undefined) {
    problems.add(`${path}.timeoutMs`, 'Only a step with a tool has a time limit; say it in the steps of the workflow inside.')
  }
}
