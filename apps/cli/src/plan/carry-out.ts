import { randomUUID } from 'node:crypto'
import type { Sender } from '@steward/client'
import type { ExecutionStep, Outcome } from '@steward/contract/daemon'
import type { Io } from '../io.ts'
import { withProgress } from '../output/progress.ts'
import type { Asker } from '../talk/asker.ts'
import type { Screen } from '../talk/screen.ts'
import { decide } from './decide.ts'
import { untilRest } from './outcome.ts'

/** How soon a step that has ended is shown, at the latest. Milliseconds. */
const roundMs = 1_000
export interface Crew {
  readonly sender: Sender
  readonly asker: Asker
  readonly screen: Screen
  readonly io: Io
  /** Hears which execution it is as soon as it is known. */
  started(id: string): void
  /** Whether the person has asked for its end. */
  interrupted(): boolean
}
/** Executes a plan under the eyes of a person: steps are shown as they end, approvals are asked for. Answers how it came to rest. Throws Fault. */
export async function carryOut(planId: string, { sender, asker, screen, io, started, interrupted }: Crew): Promise<Outcome> {
  const told = new Set<string>()
  const seen = async ({ id }: Outcome) => {
    if (id !== null) for (const step of await stepsOf(sender, id)) tell(step)
  }
  const tell = ({ id, toolId, inputs, status, startedAt, finishedAt }: ExecutionStep) => {
    if (finishedAt === null || told.has(id)) return
    told.add(id)
    if (io.stderr.isTTY === true) io.stderr.write('\r\u001b[K')
    screen.tool(toolId ?? id, inputs, status, startedAt === null ? 0 : Date.parse(finishedAt) - Date.parse(startedAt))
  }
  let outcome = (await sender.call('executions.start', { planId, waitMs: 0 }, { key: randomUUID() })) as Outcome
  if (outcome.id !== null) started(outcome.id)
  for (;;) {
    const from = outcome
    outcome = await withProgress(io.stderr, 'Running', () => untilRest(sender, from, { roundMs, seen }))
    if (outcome.status !== 'waiting' || outcome.approvalId === undefined) return outcome
    const decided = await decide(sender, outcome.approvalId, asker, screen)
    if (!decided && !interrupted()) return outcome
    // That approval is settled: how it stands now is asked for.
    const { approvalId: _settled, ...rest } = outcome
    outcome = rest
  }
}
async function stepsOf(sender: Sender, id: string): Promise<ExecutionStep[]> {
  const steps: ExecutionStep[] = []
  for (let cursor: string | undefined; ;) {
    const page = (await sender.call('executions.steps', { id, limit: 200, ...(cursor === undefined ? {} : { cursor }) })) as {
      items: ExecutionStep[]
      nextCursor: string | null
    }
    steps.push(...page.items)
    if (page.nextCursor === null) return steps
    cursor = page.nextCursor
  }
}
