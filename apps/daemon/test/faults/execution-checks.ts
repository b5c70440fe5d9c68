import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { WireEvent } from '@steward/contract'
import type { Execution, ExecutionStep, HistoryItem } from '@steward/contract/daemon'
import { expect } from 'vitest'
import type { Expected } from './chain.ts'
import { marksOf, type Effects } from './effects.ts'
import { pages, readsAs, type Asked, type Known } from './execution-clients.ts'

const finals = new Set(['completed', 'failed', 'denied', 'cancelled'])
interface Told {
  readonly executionId: string
  readonly status: string
  readonly step: { readonly id: string; readonly status: string } | null
}
/** Where the executions of a folder stand. Looks from another process, read-only, while the daemon runs. */
export function peek(home: string): { open: number; stalled: number; ended: number } {
  const db = new DatabaseSync(path.join(home, 'agents.db'), { readOnly: true, timeout: 5000 })
  try {
    const open = `SELECT count(*) AS open, coalesce(max(stalled), 0) AS stalled FROM executions WHERE status IN ('queued', 'running')`
    const ended = `SELECT count(*) AS ended FROM execution_steps WHERE finished_at IS NOT NULL`
    return { ...db.prepare(open).get(), ...db.prepare(ended).get() } as ReturnType<typeof peek>
  } finally {
    db.close()
  }
}
/** Reads the log of the executions as it grows, and holds what it once read against what stands there. */
export function createLogReader() {
  const events: WireEvent[] = []
  let cursor = ''
  return {
    events,
    async readOn(daemon: Asked): Promise<readonly WireEvent[]> {
      for (;;) {
        const { status, body } = await daemon.ask(
          'GET',
          `/v1/event-log?log=agents&limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        )
        expect(status, JSON.stringify(body)).toBe(200)
        const fresh = (body.items as WireEvent[]).filter(({ seq }) => seq > (events.at(-1)?.seq ?? 0))
        events.push(...fresh)
        if (body.nextCursor === null) return events
        cursor = body.nextCursor
      }
    },
  }
}
/** Whether the log has come as far as the history: the last it says of what rests or has ended is just that. */
export function tellsAll(events: readonly WireEvent[], history: readonly HistoryItem[]): boolean {
  const last = new Map(
    events.flatMap(({ name, data }) => (name.startsWith('execution.') ? [[(data as Told).executionId, (data as Told).status]] : [])),
  )
  return history.every(({ id, status }) => last.has(id) && (!(finals.has(status) || status === 'interrupted') || last.get(id) === status))
}
/** What the log must say of each execution: that it started, once; each step's end, once; and its own end, once and last, as the history has it. */
export function checkLog(events: readonly WireEvent[], history: readonly HistoryItem[]): void {
  const ofExecutions = events.filter(({ name }) => name.startsWith('execution.'))
  const byId = Map.groupBy(ofExecutions, ({ data }) => (data as Told).executionId)
  for (const { id, status, finishedAt } of history) {
    const told = byId.get(id) ?? []
    const named = (name: string) => told.filter((event) => event.name === name).length
    const shown = told.map(({ name, data }) => `${name} ${(data as Told).status} ${(data as Told).step?.id ?? ''}`).slice(-12)
    expect(told[0]?.name, `${id}: first it starts`).toBe('execution.started')
    expect(named('execution.started'), `${id}: it starts once`).toBe(1)
    expect(named('execution.completed') + named('execution.failed'), `${id} (${status}): it ends once, or not yet: ${shown.join(', ')}`).toBe(
      finals.has(status) ? 1 : 0,
    )
    const last = told.at(-1)?.data as Told
    if (finals.has(status) || status === 'interrupted') expect(last.status, `${id}: the last event is as the history says`).toBe(status)
    expect(finals.has(status), `${id}: what has ended has a time of that`).toBe(finishedAt !== null)
    const ends = told.flatMap(({ data }) => {
      const { step } = data as Told
      return step && (finals.has(step.status) || step.status === 'skipped') ? [step.id] : []
    })
    expect(ends.length, `${id}: each step ends once`).toBe(new Set(ends).size)
  }
}
/** Everything that was acknowledged is in the history, once, as its caller's; nothing else is there. */
export async function checkHistory(daemon: Asked, known: Known): Promise<readonly HistoryItem[]> {
  const history = await pages<HistoryItem>(daemon, '/v1/history')
  const byId = new Map(history.map((item) => [item.id, item]))
  for (const { id, by, body, key } of known.starts) {
    if (id === undefined) continue
    expect(byId.get(id), `the execution ${id} of ${key} is in the history`).toMatchObject({
      caller: by.id,
      toolId: body.toolId ?? null,
      workflowId: body.workflowId ?? null,
    })
  }
  expect(history.length, 'no start was carried out twice').toBeLessThanOrEqual(known.starts.length)
  return history
}
/** A chain that has ended: with the right outputs, each effect and each line there once, every step over. */
export async function checkChain(
  daemon: Asked,
  id: string,
  run: string,
  expected: Expected,
  effects: Effects,
  workspace: string,
): Promise<Execution> {
  const execution = (await daemon.ask('GET', `/v1/executions/${id}`)).body as Execution
  expect(execution, `${id} is done: ${JSON.stringify(execution.errors)}`).toMatchObject({ status: 'completed', errors: null })
  expect(execution.outputs, `${id}: the outputs of its steps`).toMatchObject(expected.outputs)
  const steps = await pages<ExecutionStep>(daemon, `/v1/executions/${id}/steps`)
  for (const { id: step, status } of steps) expect(['completed', 'skipped'], `${id}: the step ${step} is ${status}`).toContain(status)
  expect(steps.length, `${id}: every step has its line, once`).toBe(new Set(steps.map((step) => step.id)).size)
  const calls = new Map(steps.map((step) => [`${run}/${step.id}`, step.callId]))
  const mine = (names: Iterable<string>) => [...names].filter((name) => name.startsWith(`${run}/`)).toSorted()
  expect(mine(effects.done.keys()), `${id}: its effects`).toEqual(expected.effects.toSorted())
  for (const step of expected.effects) expect(effects.done.get(step)?.key, `${step} was done under the key that is its call's`).toBe(calls.get(step))
  const marks = marksOf(workspace)
  expect(mine(marks.keys()), `${id}: its lines`).toEqual(expected.marks.toSorted())
  for (const step of expected.marks) expect(marks.get(step), `${step} has one line`).toEqual([calls.get(step)])
  for (const [name, content] of expected.files) expect(readsAs(workspace, name), name).toBe(content)
  return execution
}
