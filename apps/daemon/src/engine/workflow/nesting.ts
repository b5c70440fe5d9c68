import { quoted, type Problems } from './problems.ts'
import { limits, type Lookups, type WorkflowDefinition } from './types.ts'

/** How deep a workflow goes and how many steps it has with all inside it; or what is wrong with it. */
type Extent = { readonly height: number; readonly steps: number } | { readonly fault: string }

/** Where measuring ends; far beyond what is allowed. */
const deepest = 64
const tooDeep = { fault: `Workflows are inside each other more than ${limits.nesting} deep. Call one of them on its own.` }

/**
 * Checks the workflows inside a workflow: that they are there, that none contains itself, directly or through others (`selfId` is the one that is
 * checked, if it has an id already), that they are at most 8 deep and have at most 10,000 steps in all.
 */
export function checkNesting({ steps }: WorkflowDefinition, lookups: Lookups, selfId: string | undefined, problems: Problems): void {
  const known = new Map<string, Extent>()
  const measure = (id: string, outer: readonly string[]): Extent => {
    const repeated = outer.indexOf(id)
    if (repeated >= 0)
      return { fault: `The workflow contains itself: ${[...outer.slice(repeated), id].map((each) => each.slice(0, 80)).join(' → ')}.` }
    const extent = known.get(id) ?? (outer.length > deepest ? tooDeep : extentOf(id, [...outer, id]))
    known.set(id, extent)
    return extent
  }
  const extentOf = (id: string, outer: readonly string[]): Extent => {
    const facts = lookups.workflow(id)
    if (facts === undefined) return { fault: `There is no workflow ${quoted(id)}.` }
    let [height, count] = [0, facts.definition.steps.length]
    for (const inner of facts.definition.steps) {
      if (inner.toolId === undefined && inner.workflowId === undefined)
        return { fault: `The workflow ${quoted(id)} is broken: its step ${quoted(inner.id)} names neither a tool nor a workflow.` }
      const extent = inner.workflowId === undefined ? undefined : measure(inner.workflowId, outer)
      if (extent === undefined) continue
      if ('fault' in extent) return extent
      height = Math.max(height, extent.height + 1)
      count += extent.steps
    }
    return { height, steps: count }
  }
  let total = steps.length
  for (const [n, { workflowId }] of steps.entries()) {
    if (workflowId === undefined) continue
    const extent = measure(workflowId, selfId === undefined ? [] : [selfId])
    if ('fault' in extent) problems.add(`steps[${n}].workflowId`, extent.fault)
    else if (extent.height >= limits.nesting) problems.add(`steps[${n}].workflowId`, tooDeep.fault)
    else total += extent.steps
  }
  if (total > limits.stepsInAll) {
    problems.add('steps', `With the workflows inside it, this one has ${total} steps; at most ${limits.stepsInAll} are possible.`)
  }
}
