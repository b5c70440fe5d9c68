import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Execution, ExecutionStep } from '@steward/contract/daemon'
import { expect } from 'vitest'
import type { Answer, DaemonProcess } from './daemon-process.ts'
import { answerOf, marksFile, marksOf, valueOf, type Effects } from './effects.ts'

/** A daemon, in this process or in one of its own. */
export type Asked = Pick<DaemonProcess, 'ask'>
/** A start that a client has sent under its key, with what it was told. */
export interface Start {
  readonly key: string
  readonly body: {
    readonly workflowId?: string
    readonly toolId?: string
    readonly inputs: Readonly<Record<string, string>>
    readonly waitMs: number
  }
  readonly by: Client
  /** Sent as `workflows.run` rather than as `executions.start`. */
  readonly asRun?: boolean
  id: string | undefined
}
/** Who calls: the history names them. */
export interface Client {
  readonly id: string
  readonly headers: Readonly<Record<string, string>>
}
/** Everything that the clients of a folder know. */
export interface Known {
  readonly starts: Start[]
  /** By id: in which life of the daemon an approval was first seen, whose it is, and whether it was settled. */
  readonly approvals: Map<string, { readonly life: number; readonly executionId: string; readonly callId: string; settled: boolean }>
  life: number
}
export const createKnown = (): Known => ({ starts: [], approvals: new Map(), life: 0 })

export async function pages<T>(daemon: Asked, route: string): Promise<T[]> {
  const found: T[] = []
  for (let cursor = ''; ;) {
    const more = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const { status, body } = await daemon.ask('GET', `${route}${route.includes('?') ? '&' : '?'}limit=200${more}`)
    expect(status, JSON.stringify(body)).toBe(200)
    found.push(...body.items)
    if (body.nextCursor === null) return found
    cursor = body.nextCursor
  }
}
/** Sends a start, the first time or again: the same key gives the same execution, over any crash. Rejects when the daemon is gone. */
export async function send(daemon: Asked, start: Start): Promise<Answer> {
  const { workflowId, ...bare } = start.body
  const [route, body] = start.asRun === true ? [`/v1/workflows/${workflowId}/runs`, bare] : ['/v1/execute', start.body]
  const answer = await daemon.ask('POST', route, body, { 'idempotency-key': start.key, ...start.by.headers })
  expect([200, 202], `a start was answered ${JSON.stringify(answer)}`).toContain(answer.status)
  expect(answer.body.id, JSON.stringify(answer)).toMatch(/^exe_/)
  expect(start.id ?? answer.body.id, `the key ${start.key} means one execution`).toBe(answer.body.id)
  start.id = answer.body.id
  return answer
}
/** What the step of an unknown outcome has really done, as far as a person can see. */
function seen(step: ExecutionStep, effects: Effects, workspace: string): { readonly outputs: unknown } | null {
  const { step: name, given, path: file } = step.inputs as Record<string, string>
  if (step.toolId === 'marks.append') return marksOf(workspace).has(name!) ? { outputs: valueOf(name!, given!) } : null
  if (step.toolId === 'effects.once') return effects.done.has(name!) ? { outputs: answerOf(name!, given!) } : null
  throw new Error(`${step.toolId} (${file ?? name}) is repeated after a crash, and was left as unknown.`)
}
/** A person's word on every step that an interrupted execution does not know of. Answers how many those were. */
export async function resume(daemon: Asked, id: string, effects: Effects, workspace: string): Promise<{ done: number; again: number }> {
  const unknown = (await pages<ExecutionStep>(daemon, `/v1/executions/${id}/steps`)).filter(({ status }) => status === 'unknown')
  expect(unknown.length, `${id} is interrupted, so a step is unknown`).toBeGreaterThan(0)
  const said = { done: 0, again: 0 }
  for (const [at, step] of unknown.entries()) {
    const did = seen(step, effects, workspace)
    if (did === null && step.toolId === 'effects.once') effects.allowAgain((step.inputs as { step: string }).step)
    const word = did === null ? { outcome: 'again' } : { outcome: 'done', outputs: did.outputs }
    const { status, body } = await daemon.ask('POST', `/v1/executions/${id}/resume`, { ...word, stepId: step.id })
    expect({ status, body }, `resuming ${id} at ${step.id}`).toMatchObject({ status: 200, body: { id } })
    if (at < unknown.length - 1) expect(body.status).toBe('interrupted')
    said[did === null ? 'again' : 'done']++
  }
  return said
}
/** Approves what was asked for in an earlier life of the daemon and waits on under its id; notes what is asked for now. Answers the files it allowed. */
export async function approve(daemon: Asked, known: Known, everything = false): Promise<string[]> {
  const waiting = await pages<{ id: string; executionId: string; callId: string; input: { path: string } }>(daemon, '/v1/approvals')
  for (const [id, { executionId, settled }] of known.approvals) {
    const { body } = await daemon.ask('GET', `/v1/approvals/${id}`)
    expect(body.status, `the approval ${id} of ${executionId}`).toBe(settled ? 'approved' : 'waiting')
  }
  const allowed: string[] = []
  for (const { id, executionId, callId, input } of waiting) {
    const asked = known.approvals.get(id) ?? { life: known.life, executionId, callId, settled: false }
    known.approvals.set(id, asked)
    if (asked.life === known.life && !everything) continue
    const { status, body } = await daemon.ask('POST', `/v1/approvals/${id}`, { decision: 'approve' })
    expect({ status, body }).toEqual({ status: 200, body: { settled: true } })
    asked.settled = true
    allowed.push(input.path)
  }
  return allowed
}
/** The executions that can go no further without a person. */
export const resting = (daemon: Asked) => pages<Execution>(daemon, '/v1/history?status=interrupted')
/** The file to which commands append, and whether it has grown since it was last looked at. */
export function createMarksEar(workspace: string) {
  let size = readFileSync(marksFile(workspace)).length
  return {
    grown(): boolean {
      const before = size
      size = readFileSync(marksFile(workspace)).length
      return size > before
    },
  }
}
export const readsAs = (workspace: string, name: string) => readFileSync(path.join(workspace, name), 'utf8')
