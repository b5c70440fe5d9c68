import type { Caller } from '@steward/kernel'
import { holds } from '@steward/kernel'
import type { Over } from '../../engine/execution/schedule.ts'
import type { Json } from '../../engine/types.ts'
import { newId } from '../../platform/ids.ts'
import { hashOf, notAsApproved } from '../../tools/permissions/approved.ts'
import type { Decision } from '../../tools/permissions/decision.ts'
import { ToolError, type Tool } from '../../tools/tool.ts'
import type { ExecutionApproval } from './approval-store.ts'
import type { ExecutionDeps } from './ports.ts'
import type { Sheet } from './sheet.ts'
import type { StepRecord } from './step-store.ts'
import type { ApprovalWaits } from './waits.ts'

/** One call to be permitted. `waits` ends the waiting for a person; a call that runs is not ended by it. */
export interface Asked {
  readonly path: string
  readonly callId: string
  readonly tool: Tool
  readonly inputs: Json
  /** The inputs as they may be shown. */
  readonly shown: Json
  /** The step's row, kept with the question: by it the answer finds its call after a restart. */
  readonly line: Omit<StepRecord, 'seq' | 'status'>
}
const refused = (status: 'denied' | 'failed', code: string, message: string): Over => ({ status, outputs: null, error: { code, message } })
/** The permission of a tool that the caller or a workflow around the call does not grant. Null when all are. */
export function lacking(
  tool: Pick<Tool, 'id' | 'permissions'>,
  caller: Pick<Caller, 'scopes'>,
  chain: readonly (readonly string[])[],
): string | null {
  for (const permission of tool.permissions) {
    if (!holds(caller.scopes, permission)) return `${tool.id} needs the scope ${permission}, which this credential does not hold.`
    if (!chain.every((declared) => holds(declared, permission)))
      return `${tool.id} needs the permission ${permission}, which the workflow does not declare.`
  }
  return null
}
/** Judges calls and has people asked, each call once. */
export function createPermit(deps: ExecutionDeps, sheet: Sheet, waits: ApprovalWaits) {
  const { veil } = sheet
  const cwd = sheet.execution.workspace
  const files = deps.filesIn([cwd])
  const judge = async (tool: Tool, inputs: Json): Promise<Decision> => {
    const rules = deps.rules.applying(cwd, '', new Date().toISOString())
    return (await deps.judge(tool, inputs, { cwd, files, mode: deps.setting('runs.permissionMode'), rules })).decision
  }
  const previewOf = async (tool: Tool, inputs: Json): Promise<{ diff?: string; summary?: string }> =>
    (await tool
      .preview?.(inputs, { cwd, files })
      .catch((error: unknown) => ({ summary: error instanceof ToolError ? error.message : String(error) }))) ?? {}
  const ask = async (
    { path, callId, tool, inputs, shown, line }: Asked,
    { reason, commands, rule, suggested }: Decision,
  ): Promise<ExecutionApproval> => {
    const at = new Date()
    const seen = { ...(await previewOf(tool, inputs)), ...(commands ? { commands } : {}), ...(rule ? { rule } : {}) }
    const preview = veil.hide(JSON.parse(JSON.stringify(seen)) as Json)
    const approval: ExecutionApproval = {
      id: newId('apr'),
      sessionId: null,
      runId: null,
      executionId: sheet.id,
      step: path,
      workspace: cwd,
      callId,
      toolId: tool.id,
      input: shown,
      hash: hashOf(tool.id, inputs),
      reason: veil.hide(reason),
      preview,
      // A rule without the secret in it would be another rule.
      suggested: suggested && veil.hide(suggested) === suggested ? (JSON.parse(JSON.stringify(suggested)) as Json) : null,
      status: 'waiting',
      settledBy: null,
      note: null,
      createdAt: at.toISOString(),
      expiresAt: new Date(at.getTime() + deps.setting('runs.approvalMinutes') * 60_000).toISOString(),
      settledAt: null,
    }
    const { step: _, workspace: _workspace, ...asked } = approval
    await sheet.write((emit) => {
      deps.approvals.insert(sheet.seq, approval)
      sheet.askIn(emit, line, approval.id)
      emit('approval.asked', { approval: asked })
      sheet.restIn(emit, approval.id)
    })
    return approval
  }
  /** Waits for the person's word on a call, asked now or before a restart. */
  const answered = async (asked: Asked, known: ExecutionApproval | undefined, first: Decision, signal: AbortSignal) => {
    if (known && known.status !== 'waiting') return known
    sheet.park()
    try {
      const approval = known ?? (await ask(asked, first))
      if (known) await sheet.write((emit) => sheet.restIn(emit, known.id))
      if (sheet.status() === 'waiting') sheet.rested()
      return await waits.settled(approval, signal)
    } finally {
      sheet.unpark()
    }
  }
  /** Null when the call may run now; else how its step ends. Rejects with the signal's reason, which ends only the waiting. */
  return async (asked: Asked, signal: AbortSignal): Promise<Over | null> => {
    const { tool, inputs, callId } = asked
    try {
      const first = await judge(tool, inputs)
      if (first.action === 'deny') return refused('denied', 'denied', veil.hide(first.reason))
      const known = deps.approvals.find(callId)
      if (first.action === 'allow' && !known) return null
      const approval = await answered(asked, known, first, signal)
      const { status, note } = approval
      if (status !== 'approved')
        return refused('denied', status, note ?? (status === 'expired' ? 'Nobody answered in time.' : 'A person rejected this call.'))
      const again = await judge(tool, inputs)
      if (again.action === 'deny') return refused('denied', 'denied', veil.hide(again.reason))
      const changed = notAsApproved(
        { ...approval, preview: veil.hide(approval.preview) },
        { tool: tool.id, input: inputs, preview: veil.hide(await previewOf(tool, inputs)) },
      )
      return changed === null ? null : refused('failed', 'changed', changed)
    } catch (error) {
      if (error instanceof ToolError) return refused('failed', error.code, veil.hide(error.message))
      throw error
    }
  }
}
