import { expect, test } from 'vitest'
import { plan } from '../plan.ts'
import type { PlannerTool } from '../types.ts'
import { CASES } from './cases.ts'
import { TOOLS } from './tools.ts'

const risk = new Map(TOOLS.map((tool) => [tool.id, tool.risk]))
const harmless = (id: string): boolean => risk.get(id) === 'read' || risk.get(id) === 'network'
const sorted = (value: object): string => JSON.stringify(Object.entries(value).toSorted())

const share = (count: number, of: number): string => `${((100 * count) / of).toFixed(1)} %`

test('the planner finds the right tool and inputs for most requests, and hardly ever acts without being asked', () => {
  let tools = 0
  let inputs = 0
  let falseActs = 0
  const wishes = CASES.filter((one) => one.steps.length > 0)
  const lines: string[] = []
  for (const one of CASES) {
    const made = plan({ text: one.text, tools: TOOLS, now: Date.parse('2026-01-05T12:00:00Z') })
    const rightTools = made.steps.map((step) => step.toolId).join() === one.steps.map((step) => step.tool).join()
    const rightInputs =
      rightTools &&
      made.steps.every(
        (step, index) =>
          sorted(step.inputs) === sorted(one.steps[index]!.inputs) && Object.keys(step.from ?? {}).join() === (one.steps[index]!.from ?? []).join(),
      )
    if (one.steps.length > 0) {
      tools += Number(rightTools)
      inputs += Number(rightInputs)
    }
    // A false action: a call nobody asked for, or an acting call with other inputs than asked.
    const wrong = one.steps.length === 0 ? made.steps.length > 0 : made.steps.some((step) => !harmless(step.toolId)) && !rightInputs
    falseActs += Number(wrong)
    if (wrong || (one.steps.length > 0 && !rightInputs))
      lines.push(
        `${wrong ? 'ACTED ' : ''}${one.text} -> ${JSON.stringify(made.steps.map(({ toolId, inputs: given, from }) => [toolId, given, from]))} ${made.clarification ?? ''}`.slice(
          0,
          300,
        ),
      )
  }
  console.log(
    `requests ${CASES.length}, tool ${share(tools, wishes.length)}, inputs ${share(inputs, wishes.length)}, false actions ${share(falseActs, CASES.length)}\n${lines.join('\n')}`,
  )
  expect(CASES.length).toBeGreaterThanOrEqual(80)
  expect(tools / wishes.length).toBeGreaterThanOrEqual(0.85)
  expect(inputs / wishes.length).toBeGreaterThanOrEqual(0.75)
  expect(falseActs / CASES.length).toBeLessThan(0.02)
})

test('a request over a thousand tools is planned in under 20 ms once they are indexed', () => {
  const many: PlannerTool[] = [
    ...TOOLS,
    ...Array.from({ length: 1000 }, (_, index): PlannerTool => ({
      ...TOOLS[index % TOOLS.length]!,
      id: `app${index}.thing${index}`,
      name: `app${index}_thing${index}`,
    })),
  ]
  plan({ text: 'show the git diff', tools: many })
  const times = CASES.slice(0, 60).map(({ text }) => {
    const from = performance.now()
    plan({ text, tools: many })
    return performance.now() - from
  })
  const median = times.toSorted((a, b) => a - b)[30]!
  console.log(`median ${median.toFixed(2)} ms, slowest ${Math.max(...times).toFixed(2)} ms`)
  expect(median).toBeLessThan(20)
})
