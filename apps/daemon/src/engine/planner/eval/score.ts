import type { Json } from '../../types.ts'
import { escapeText } from '../../templates/render.ts'
import type { Planned, PlanningRequest, PlanningTool } from '../types.ts'
import type { AnyOf, Case, WantedStep } from './case.ts'

export type Planner = (request: PlanningRequest) => Promise<Planned>
export interface Miss {
  readonly one: Case
  /** It planned what nobody asked for. */
  readonly acted: boolean
  readonly made: Planned
}
export interface Score {
  readonly cases: number
  /** Of the requests that want steps: those whose tools were the right ones, in order. */
  readonly tool: number
  /** Of the requests that want steps: those whose tools and inputs were right. */
  readonly inputs: number
  /** Of all: steps where none were wanted, or a step that changes something other than what was asked. */
  readonly falseActions: number
  /** Of the requests that want no steps: those that got a question. */
  readonly asked: number
  readonly misses: readonly Miss[]
}
/** Monday, noon. */
const NOW = Date.parse('2026-01-05T12:00:00Z')

/** Plans every request and counts. Tools are limited as a caller's are, by `without`; equal limits share one array. */
export async function score(cases: readonly Case[], tools: readonly PlanningTool[], planner: Planner): Promise<Score> {
  const limited = new Map<string, readonly PlanningTool[]>([['', tools]])
  const risks = new Map(tools.map((tool) => [tool.id, tool.risk]))
  const counts = { tool: 0, inputs: 0, acted: 0, asked: 0, wishes: 0 }
  const misses: Miss[] = []
  for (const one of cases) {
    const key = one.without?.join() ?? ''
    const usable = limited.get(key) ?? tools.filter((tool) => !one.without?.includes(tool.appId))
    limited.set(key, usable)
    const { text, context, appId } = one
    const made = await planner({
      text,
      tools: usable,
      model: null,
      now: NOW,
      ...(context === undefined ? {} : { context }),
      ...(appId === undefined ? {} : { appId }),
    })
    const rightTools = made.steps.map((step) => step.toolId).join() === one.steps.map((step) => step.tool).join()
    const rightInputs = rightTools && one.steps.every((wanted, index) => isRight(wanted, index, made))
    const changes = made.steps.some((step) => !['read', 'network'].includes(risks.get(step.toolId) ?? ''))
    const acted = one.steps.length === 0 ? made.steps.length > 0 : changes && !rightInputs
    counts.wishes += Number(one.steps.length > 0)
    counts.tool += Number(one.steps.length > 0 && rightTools)
    counts.inputs += Number(one.steps.length > 0 && rightInputs)
    counts.asked += Number(one.steps.length === 0 && made.steps.length === 0)
    counts.acted += Number(acted)
    if (acted || !rightInputs) misses.push({ one, acted, made })
  }
  const wishes = Math.max(1, counts.wishes)
  return {
    cases: cases.length,
    tool: counts.tool / wishes,
    inputs: counts.inputs / wishes,
    falseActions: counts.acted / Math.max(1, cases.length),
    asked: counts.asked / Math.max(1, cases.length - counts.wishes),
    misses,
  }
}
function isRight(wanted: WantedStep, index: number, made: Planned): boolean {
  const given = placed(made.steps[index]?.inputs ?? {}, made)
  const names = new Set([...Object.keys(wanted.inputs), ...Object.keys(given)])
  return [...names].every((name) => {
    const want = wanted.inputs[name]
    const got = given[name]
    return isAnyOf(want) ? want.any.some((one) => same(one, got)) : same(want, got)
  })
}
const isAnyOf = (value: Json | AnyOf | undefined): value is AnyOf => typeof value === 'object' && value !== null && 'any' in value
const same = (want: Json | undefined, got: Json | undefined): boolean =>
  JSON.stringify(want) === JSON.stringify(got) || (typeof want === 'string' && !want.startsWith('{{steps.') && escapeText(want) === got)
/** Templates with the steps' places instead of the ids that the planner chose. */
function placed(inputs: { readonly [name: string]: Json }, { steps }: Planned): { readonly [name: string]: Json } {
  const text = steps.reduce((json, step, place) => json.replaceAll(`{{steps.${step.id}.`, `{{steps.${place}.`), JSON.stringify(inputs))
  return JSON.parse(text) as { [name: string]: Json }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
/** The figures in a line. */
export const figures = (name: string, it: Score): string =>
  `${name}: ${it.cases} requests, tool ${percent(it.tool)}, inputs ${percent(it.inputs)}, false actions ${percent(it.falseActions)}, asked where it should ${percent(it.asked)}`
/** A miss in a line. */
export function missLine({ one, acted, made }: Miss): string {
  const steps = made.steps.map((step) => `${step.toolId} ${JSON.stringify(step.inputs)}`).join(' ; ')
  return `${acted ? 'ACTED ' : ''}[${one.kind}] ${one.text} -> ${steps || `? ${made.clarification?.replaceAll('\n', ' ').slice(0, 110) ?? ''}`}`
}
