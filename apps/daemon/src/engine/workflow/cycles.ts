import { dependenciesOf, fallbackOf, type Links } from './links.ts'
import { quoted, type Problems } from './problems.ts'
import type { WorkflowDefinition } from './types.ts'

/** Something that must come about before another: that a step is over, or that a fallback is over or is known not to be needed. */
type Waits = ReadonlyMap<string, ReadonlySet<string>>
const isOver = (id: string): string => `over ${id}`
const isDecided = (id: string): string => `decided ${id}`
const stepOf = (node: string): string => node.slice(node.indexOf(' ') + 1)

/** Cycles that are told of at once. */
const mostCycles = 10

/**
 * Tells of steps that would wait for each other for ever. A step waits for those it depends on and, where one of these has a fallback, may wait for
 * the fallback. Who depends on a fallback itself also waits for every step that could still jump to it. The ids are different from each other.
 */
export function checkCycles(definition: WorkflowDefinition, links: Links, problems: Problems): void {
  const order = new Map(definition.steps.map(({ id }, n) => [id, n]))
  for (const cycle of cyclesIn(waitsOf(definition, links), mostCycles)) {
    const steps = cycle.map(stepOf).filter((id, n, all) => id !== all[n - 1])
    if (steps.length > 1 && steps[0] === steps.at(-1)) steps.pop()
    const first = Math.min(...steps.map((id) => order.get(id) ?? 0))
    const start = steps.indexOf(definition.steps[first]?.id ?? '')
    const turned = [...steps.slice(start), ...steps.slice(0, start), ...steps.slice(start, start + 1)]
    const shown = turned.length > 12 ? [...turned.slice(0, 11), '…', ...turned.slice(-1)] : turned
    problems.add(
      `steps[${first}]`,
      `These steps wait for each other: ${shown.map((id) => id.slice(0, 64)).join(' → ')}. Take one of the dependencies out.`,
    )
  }
}
/** Checks the aims of `goto`: another step, and none from which the way leads back. */
export function checkFallbacks({ steps }: WorkflowDefinition, problems: Problems): void {
  const fallbacks = new Map(steps.map((step) => [step.id, fallbackOf(step)]))
  for (const [n, step] of steps.entries()) {
    const aim = fallbackOf(step)
    if (aim === undefined) continue
    const path = `steps[${n}].onError.goto`
    if (aim === step.id) problems.add(path, 'A step cannot be its own fallback.')
    else if (!fallbacks.has(aim)) problems.add(path, `There is no step ${quoted(aim)}.`)
    else if (chainFrom(aim, fallbacks).has(step.id)) problems.add(path, `From ${quoted(aim)} the fallbacks lead back to this step.`)
  }
}
/** A step, its fallback, that one's fallback, and so on. */
function chainFrom(first: string, fallbacks: ReadonlyMap<string, string | undefined>): ReadonlySet<string> {
  const chain = new Set<string>()
  for (let id: string | undefined = first; id !== undefined && fallbacks.has(id) && !chain.has(id); id = fallbacks.get(id)) chain.add(id)
  return chain
}
function waitsOf(definition: WorkflowDefinition, links: Links): Waits {
  const dependencies = dependenciesOf(definition, links)
  const fallbacks = new Map(definition.steps.map((step) => [step.id, fallbackOf(step)]))
  const aims = new Set(fallbacks.values())
  const waits = new Map<string, Set<string>>()
  const ended = (id: string): string => (aims.has(id) ? isDecided(id) : isOver(id))
  for (const { id } of definition.steps) {
    const before = new Set<string>()
    for (const needed of dependencies.get(id) ?? []) {
      before.add(ended(needed))
      // The fallbacks of what is needed, up to the step itself: what it stands in for it does not wait for.
      for (let next = fallbacks.get(needed); next !== undefined && next !== id && !before.has(isOver(next)); next = fallbacks.get(next)) {
        if (!fallbacks.has(next)) break
        before.add(isOver(next))
      }
    }
    waits.set(isOver(id), before)
    if (aims.has(id)) waits.set(isDecided(id), new Set([isOver(id)]))
  }
  for (const [id, aim] of fallbacks) if (aim !== undefined) waits.get(isDecided(aim))?.add(ended(id))
  return waits
}
/** Depth first, without recursion; each way back that is met is one cycle, and there are at most so many. */
function* cyclesIn(waits: Waits, most: number): Generator<readonly string[]> {
  const done = new Set<string>()
  let found = 0
  for (const start of waits.keys()) {
    const way: { node: string; rest: Iterator<string> }[] = []
    const places = new Map<string, number>()
    const enter = (node: string): void => {
      if (done.has(node)) return
      places.set(node, way.length)
      way.push({ node, rest: (waits.get(node) ?? new Set<string>()).values() })
    }
    enter(start)
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      const { value: next, done: isLast } = top.rest.next()
      const place = next === undefined ? undefined : places.get(next)
      if (isLast === true || next === undefined) {
        way.pop()
        places.delete(top.node)
        done.add(top.node)
      } else if (place === undefined) enter(next)
      else {
        yield way.slice(place).map(({ node }) => node)
        found += 1
        if (found >= most) return
      }
    }
  }
}
