import { Fault } from '@steward/contract'
import type { ExecutionError, ExecutionStatus } from '@steward/contract/daemon'
import type { Caller } from '@steward/kernel'
import type { Program, ToolStep } from '../../engine/execution/types.ts'
import { references } from '../../engine/templates/references.ts'
import { problemWords, schemaCheck } from '../../engine/json-schema.ts'
import type { Json } from '../../engine/types.ts'
import { newId } from '../../platform/ids.ts'
import type { Commit } from '../../platform/storage/event-log.ts'
import { appOf } from '../../tools/app-of.ts'
import { changesOf, printOf } from '../../tools/fingerprint.ts'
import { createVeil } from '../../tools/veil.ts'
import { lacking } from './permit.ts'
import type { ExecutionDeps, PlannedWork } from './ports.ts'
import { coveredProgram, keptSecret, schemaOf } from './secrecy.ts'
import type { Inputs } from './sheet.ts'

/** What is to be executed, resolved and whole. */
export interface Work {
  readonly planId: string | null
  readonly workflowId: string | null
  readonly workflowVersion: number | null
  readonly toolId: string | null
  readonly inputs: Inputs
  /** null: the one call of `toolId`. */
  readonly program: Program | null
  readonly workspace: string
}
export interface Sent {
  readonly planId?: string | undefined
  readonly toolId?: string | undefined
  readonly workflowId?: string | undefined
  readonly inputs?: Inputs | undefined
  readonly workspace?: { readonly path: string } | undefined
}
/** Something that may not be executed, and is a line of the history all the same. */
export interface Refusal {
  readonly status: 'failed' | 'denied'
  readonly error: ExecutionError
  readonly fault: Fault
}
const refuse = (status: Refusal['status'], code: string, fault: Fault): Refusal => ({ status, error: { code, message: fault.message }, fault })

/** The steps whose outputs templates in the inputs read. */
const stepsRead = (inputs: Inputs): string[] =>
  references({ ...inputs }).flatMap(({ root, path: [step] }) => (root === 'steps' && typeof step === 'string' ? [step] : []))
/** A plan's steps as a program: in the order that they depend on each other. */
const planProgram = ({ steps }: PlannedWork): Program => ({
  steps: steps.map(({ id, toolId, inputs, dependsOn }): ToolStep => ({
    kind: 'tool',
    id,
    toolId,
    inputs: inputs as Inputs,
    literal: false,
    dependsOn: [...new Set([...(dependsOn ?? []), ...stepsRead(inputs as Inputs)])],
    onError: 'halt',
  })),
})
/** Turns what was sent into work, and work into a stored execution. */
export function createStart(deps: ExecutionDeps) {
  const { registry } = deps
  const planWork = async (id: string, caller: Caller): Promise<Work> => {
    const plan = await deps.plans.find(id)
    if (!plan || plan.caller !== caller.id || Date.parse(plan.expiresAt) <= Date.now())
      throw new Fault('not_found', `There is no plan ${id} of yours that can be executed; it may have expired. Make it again.`)
    for (const { toolId } of plan.steps) await deps.ensure(toolId)
    const changed = Object.entries(plan.tools).flatMap(([toolId, before]) => {
      const now = registry.listing(toolId)
      const what = changesOf(before, now && printOf(now))
      return what.length === 0 ? [] : [{ toolId, what: what.join(', ') }]
    })
    const [first] = changed
    if (first)
      throw new Fault('conflict', `The plan was made for tools that have changed since: ${first.toolId} (${first.what}). Make the plan again.`, {
        changed,
      })
    const [only] = plan.steps
    const toolId = plan.steps.length === 1 && only ? only.toolId : null
    return { planId: id, workflowId: null, workflowVersion: null, toolId, inputs: {}, program: planProgram(plan), workspace: plan.workspace }
  }
  const workflowWork = async (given: string, inputs: Inputs, workspace: string): Promise<Work> => {
    const { id, version, program } = await deps.workflows.resolve(given)
    return { planId: null, workflowId: id, workflowVersion: version, toolId: null, inputs, program, workspace }
  }
  const toolWork = (given: string, inputs: Inputs, workspace: string): Work => {
    const tool = registry.find(given)
    if (!tool) throw new Fault('not_found', `There is no tool ${given.slice(0, 100)}; \`steward tools list\` shows them.`)
    return { planId: null, workflowId: null, workflowVersion: null, toolId: tool.id, inputs, program: null, workspace }
  }
  /** Why a single call may not even be tried. */
  const toolRefusal = ({ toolId, inputs }: Work, caller: Caller): Refusal | null => {
    const tool = registry.find(toolId ?? '')
    if (!tool) return null
    const lack = lacking(tool, caller, [])
    if (lack !== null) return refuse('denied', 'forbidden', new Fault('forbidden', lack))
    if (tool.inSession === true)
      return refuse('failed', 'unprocessable', new Fault('unprocessable', `${tool.id} works only inside a session: send a message instead.`))
    const checked = tool.inputs.safeParse(inputs)
    if (checked.success) return null
    const problems = checked.error.issues.slice(0, 20).map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
    const words = problemWords(problems)
    return refuse(
      'failed',
      'unprocessable',
      new Fault('unprocessable', deps.redact(`The inputs of ${tool.id} do not fit: ${words}`), { issues: problems }),
    )
  }
  const workflowRefusal = ({ program, inputs }: Work, caller: Caller): Refusal | null => {
    for (const permission of program?.permissions ?? []) {
      const lack = lacking({ id: 'The workflow', permissions: [permission] }, caller, [])
      if (lack !== null) return refuse('denied', 'forbidden', new Fault('forbidden', lack))
    }
    const problems = program?.inputsSchema ? schemaCheck(program.inputsSchema)(inputs) : []
    if (problems.length === 0) return null
    const words = problemWords(problems)
    return refuse(
      'failed',
      'unprocessable',
      new Fault('unprocessable', deps.redact(`The inputs of the workflow do not fit: ${words}`), { issues: problems }),
    )
  }
  return {
    /** Finds what is to be executed. Throws Fault `not_found`, `conflict` for a plan whose tools have changed, or what the workspace says. */
    async resolve({ planId, toolId, workflowId, inputs = {}, workspace }: Sent, caller: Caller): Promise<Work> {
      if (planId !== undefined) return planWork(planId, caller)
      if (toolId !== undefined) await deps.ensure(toolId)
      const work = toolId === undefined ? await workflowWork(workflowId ?? '', inputs, '') : toolWork(toolId, inputs, '')
      return { ...work, workspace: await deps.openWorkspace(workspace?.path, caller) }
    },
    refusal: (work: Work, caller: Caller): Refusal | null =>
      work.planId !== null ? null : work.program === null ? toolRefusal(work, caller) : workflowRefusal(work, caller),
    /** Writes the execution down; with a refusal as one that has ended already. What it gives is also what a twin gets that asks after a crash. */
    insert(commit: Commit, work: Work, caller: Caller, refusal: Refusal | null): { readonly id: string; readonly status: ExecutionStatus } {
      const id = newId('exe')
      const at = new Date().toISOString()
      const { inputs, program } = work
      const veil = createVeil(deps.redact)
      const covered = {
        inputs: veil.cover(inputs, program === null ? schemaOf(registry, work.toolId) : program.inputsSchema),
        program: program && coveredProgram(program, veil, registry),
      }
      const asJson = (value: unknown) => value as { [key: string]: Json }
      const { shown, sealed } = keptSecret(asJson({ inputs, program }), asJson(covered), id, deps.box)
      const kept = shown as unknown as { inputs: Json; program: Program | null }
      const record = {
        id,
        planId: work.planId,
        workflowId: work.workflowId,
        workflowVersion: work.workflowVersion,
        toolId: work.toolId,
        appId: work.toolId === null ? null : appOf(work.toolId),
        caller: caller.id,
        scopes: caller.scopes,
        door: caller.door,
        status: refusal?.status ?? ('queued' as const),
        workspace: work.workspace,
        inputs: kept.inputs,
        program: kept.program,
        sealed: refusal ? null : sealed,
        outputs: null,
        errors: refusal ? [refusal.error] : null,
        createdAt: at,
        startedAt: null,
        finishedAt: refusal ? at : null,
      }
      const { planId, workflowId, toolId } = work
      return commit((emit) => {
        deps.executions.insert(record)
        emit('execution.started', { executionId: id, planId, workflowId, toolId, caller: caller.id, status: record.status })
        if (refusal) emit('execution.failed', { executionId: id, status: refusal.status, outputs: null, errors: [refusal.error] })
        return { id, status: record.status }
      })
    },
  }
}
