import { expect, test } from 'vitest'
import { makePlan } from '../plan.ts'
import { evaluationTools, multiplied } from '../testing/tools.ts'
import { CASES } from './cases.ts'
import { HELD_OUT } from './held-out.ts'
import { figures, missLine, score } from './score.ts'

const tools = evaluationTools()
const { signal } = new AbortController()

test('the planner finds tools and inputs for most requests of many apps, and hardly ever acts without being asked', async () => {
  const planner = (request: Parameters<typeof makePlan>[0]) => makePlan(request, signal)
  const [tuned, heldOut, whole] = [
    await score(CASES, tools, planner),
    await score(HELD_OUT, tools, planner),
    await score([...CASES, ...HELD_OUT], tools, planner),
  ]
  console.log([figures('tuned on', tuned), figures('held out', heldOut), figures('whole', whole), ...tuned.misses.map(missLine)].join('\n'))
  expect(whole.cases).toBeGreaterThanOrEqual(140)
  expect(heldOut.cases).toBeGreaterThanOrEqual(50)
  expect(tools.length).toBeGreaterThanOrEqual(30)
  expect(new Set(tools.map((tool) => tool.appId)).size).toBeGreaterThanOrEqual(8)
  expect(whole.tool).toBeGreaterThanOrEqual(0.85)
  expect(whole.inputs).toBeGreaterThanOrEqual(0.75)
  expect(whole.falseActions).toBeLessThan(0.02)
})

test('no request is given twice', () => {
  const said = [...CASES, ...HELD_OUT].map((one) => JSON.stringify([one.text.toLowerCase(), one.appId, one.context, one.without]))
  expect(new Set(said).size).toBe(said.length)
})

test('a request over a thousand tools is planned quickly once they are indexed', async () => {
  const many = [...tools, ...multiplied(tools, 1000)]
  const plan = async (text: string): Promise<number> => {
    const from = performance.now()
    await makePlan({ text, tools: many, model: null, now: 0 }, signal)
    return performance.now() - from
  }
  const first = await plan('show the git diff')
  const times: number[] = []
  for (const { text } of CASES.slice(0, 80)) times.push(await plan(text))
  const sorted = times.toSorted((a, b) => a - b)
  console.log(`${many.length} tools: first ${first.toFixed(0)} ms, then median ${sorted[40]!.toFixed(1)} ms, slowest ${sorted.at(-1)!.toFixed(1)} ms`)
  expect(sorted[40]).toBeLessThan(1000)
})
