// Measures the built-in planner on requests worded as people word them: how often it finds the right tool and inputs, and how often it acts when it
// should have asked. Prints the figures and every miss. Never fails for a figure; the tests hold the aims.
import { CASES } from '../apps/daemon/src/engine/planner/eval/cases.ts'
import { HELD_OUT } from '../apps/daemon/src/engine/planner/eval/held-out.ts'
import { figures, missLine, score } from '../apps/daemon/src/engine/planner/eval/score.ts'
import { makePlan } from '../apps/daemon/src/engine/planner/plan.ts'
import { evaluationTools } from '../apps/daemon/src/engine/planner/testing/tools.ts'

const tools = evaluationTools()
const { signal } = new AbortController()
console.log(
  `${tools.length} tools of ${new Set(tools.map((tool) => tool.appId)).size} apps. Aims: tool 85 %, inputs 75 %, false actions under 2 %.\n`,
)
for (const [name, cases] of [
  ['tuned on', CASES],
  ['held out', HELD_OUT],
  ['whole', [...CASES, ...HELD_OUT]],
] as const) {
  const scored = await score(cases, tools, (request) => makePlan(request, signal))
  console.log(figures(name, scored))
  if (name !== 'whole') console.log(scored.misses.map((miss) => `  ${missLine(miss)}\n`).join(''))
}
