import type { Outcome } from '@steward/contract/daemon'
import type { Caller } from '@steward/kernel'
import type { Program } from '../../engine/execution/types.ts'
import { references } from '../../engine/templates/references.ts'
import { renderValue } from '../../engine/templates/render.ts'
import { TemplateFault } from '../../engine/templates/types.ts'
import type { Json } from '../../engine/types.ts'
import { ToolError } from '../../tools/tool.ts'
import { createVeil } from '../../tools/veil.ts'
import { lacking } from './permit.ts'
import type { ExecutionDeps } from './ports.ts'
import { schemaOf } from './secrecy.ts'
import type { Inputs } from './sheet.ts'
import type { Work } from './start.ts'
import { callStep } from './runner.ts'

type Foreseen = NonNullable<Outcome['dryRun']>[number]
type Step = Program['steps'][number]
const most = 1_000

/** What an execution would do, as far as that can be known without doing it: each call with its inputs, how it would be judged, and its preview. */
export function createForesee(deps: ExecutionDeps) {
  /** The inputs, or null where they come from steps that have not run. */
  const known = (step: Step, inputs: Inputs): Inputs | null => {
    if (step.kind === 'tool' && step.literal) return step.inputs
    const early = new Set(['inputs'])
    if (step.forEach || references({ ...step.inputs }).some(({ root }) => !early.has(root))) return null
    return renderValue(step.inputs, { inputs }) as Inputs
  }
  async function judged(toolId: string, inputs: Inputs | null, caller: Caller, chain: readonly (readonly string[])[], cwd: string) {
    const tool = deps.registry.find(toolId)
    const veil = createVeil(deps.redact)
    const shown = inputs && { ...veil.cover(inputs, schemaOf(deps.registry, toolId)) }
    const verdict = (decision: Foreseen['decision'], reason: string, preview: Json = null) => ({ inputs: shown, decision, reason, preview })
    if (!tool) return verdict('deny', `There is no tool ${toolId}.`)
    const lack = lacking(tool, caller, chain)
    if (lack !== null) return verdict('deny', lack)
    if (inputs === null) return verdict('unknown', 'Its inputs come from steps that have not run.')
    const checked = tool.inputs.safeParse(inputs)
    if (!checked.success) return verdict('deny', `The inputs of ${toolId} do not fit: ${checked.error.issues[0]?.message ?? ''}`)
    const files = deps.filesIn([cwd])
    const rules = deps.rules.applying(cwd, '', new Date().toISOString())
    try {
      const { decision } = await deps.judge(tool, checked.data, { cwd, files, mode: deps.setting('runs.permissionMode'), rules })
      const preview = (await tool.preview?.(checked.data, { cwd, files })) ?? null
      return verdict(decision.action, veil.hide(decision.reason), veil.hide(preview))
    } catch (error) {
      if (error instanceof ToolError) return verdict('deny', veil.hide(error.message))
      throw error
    }
  }
  async function walk(
    found: Foreseen[],
    program: Program,
    inputs: Inputs | null,
    prefix: string,
    caller: Caller,
    outer: readonly (readonly string[])[],
    cwd: string,
  ) {
    const chain = program.permissions === undefined ? outer : [...outer, program.permissions]
    for (const step of program.steps) {
      if (found.length >= most) return
      const stepId = `${prefix}${step.id}`
      let given: Inputs | null = null
      try {
        given = inputs === null && !(step.kind === 'tool' && step.literal) ? null : known(step, inputs ?? {})
      } catch (error) {
        if (!(error instanceof TemplateFault)) throw error
      }
      if (step.kind === 'workflow') await walk(found, step.program, given, `${stepId}/`, caller, chain, cwd)
      else {
        found.push({ stepId, toolId: step.toolId, ...(await judged(step.toolId, given, caller, chain, cwd)) })
      }
    }
  }
  return async ({ program, toolId, inputs, workspace }: Work, caller: Caller): Promise<Outcome> => {
    const found: Foreseen[] = []
    await walk(found, program ?? { steps: [callStep(toolId ?? '', inputs)] }, inputs, '', caller, [], workspace)
    const has = (decision: Foreseen['decision']) => found.some((one) => one.decision === decision)
    return { id: null, status: has('deny') ? 'denied' : has('ask') ? 'waiting' : 'completed', outputs: null, dryRun: found }
  }
}
