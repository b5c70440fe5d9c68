import { isDeepStrictEqual } from 'node:util'
import { Fault } from '@steward/contract'
import type { Plan, Settings, SettingKey, StoredPlan } from '@steward/contract/daemon'
import { holds, type Caller } from '@steward/kernel'
import { makePlan, type PlanningTool } from '../../engine/planner/plan.ts'
import type { JsonSchema } from '../../engine/execution/types.ts'
import type { Json, Model } from '../../engine/types.ts'
import type { RoomHandlers } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import type { EventLog } from '../../platform/storage/event-log.ts'
import { planHash, printOf, type ToolPrint } from '../../tools/fingerprint.ts'
import { planningTool } from '../../tools/planning.ts'
import type { Registry } from '../../tools/registry.ts'
import type { Tool } from '../../tools/tool.ts'
import { createVeil } from '../../tools/veil.ts'
import type { PlanRecord, PlanStore } from './store.ts'

const mostViews = 50
export interface PlanDeps {
  readonly log: Pick<EventLog, 'commit'>
  readonly plans: PlanStore
  readonly registry: Registry
  /** Resolves when the tools of all apps are in the registry that can be so soon. */
  ready(): Promise<void>
  readonly models: { model(id: string): Promise<Model>; modelFor(wanted: string | null): string; check(id: string): void }
  readonly box: { seal(name: string, text: string): string; open(name: string, sealed: string): string | undefined }
  openWorkspace(wanted: string | undefined, caller: Caller): Promise<string>
  /** The execution of a plan, when there has been one. */
  executionOf(planId: string): string | undefined
  setting<K extends SettingKey>(key: K): Settings[K]
  redact<T>(value: T): T
  report(error: unknown): void
}
/** Plans: requests turned into tool calls that have not run. */
export function createPlansRoom(deps: PlanDeps) {
  const { plans, registry } = deps
  const views = new Map<string, { readonly all: readonly Tool[]; readonly tools: readonly PlanningTool[] }>()
  /** The tools that a caller may use, the same array as long as nothing changes, so that the planner's index of them is kept. */
  const toolsFor = ({ scopes }: Caller): readonly PlanningTool[] => {
    const key = scopes.toSorted().join(' ')
    const known = views.get(key)
    const all = registry.all()
    if (known?.all === all) return known.tools
    const usable = all.filter(({ permissions, inSession }) => inSession !== true && permissions.every((permission) => holds(scopes, permission)))
    const tools = usable.map((tool) => planningTool(registry, tool))
    if (views.size >= mostViews) views.clear()
    views.set(key, { all, tools })
    return tools
  }
  const modelFor = async (wanted: string | undefined): Promise<Model | null> => {
    const set = deps.setting('plans.model')
    const id = wanted ?? (set === 'auto' ? deps.models.modelFor(null) : set)
    if (wanted !== undefined) deps.models.check(wanted)
    return id === 'builtin' ? null : deps.models.model(id)
  }
  const printsOf = (steps: Plan['steps']): Record<string, ToolPrint> =>
    Object.fromEntries(
      steps.flatMap(({ toolId }) => {
        const listing = registry.listing(toolId)
        return listing ? [[toolId, printOf(listing)]] : []
      }),
    )
  /** The plan's steps whole. */
  const wholeSteps = ({ id, steps, sealed }: PlanRecord): Plan['steps'] => {
    const text = sealed === null ? undefined : deps.box.open(id, sealed)
    return text === undefined ? steps : (JSON.parse(text) as Plan['steps'])
  }
  const toStored = ({ tools: _tools, sealed: _sealed, ...plan }: PlanRecord): StoredPlan => {
    const [first] = plan.steps
    return {
      ...plan,
      appId: first?.appId ?? null,
      toolId: first?.toolId ?? null,
      inputs: first?.inputs ?? null,
      executionId: deps.executionOf(plan.id) ?? null,
    }
  }
  const handlers = {
    async 'plans.create'({ commit, caller, signal }, { text, context, appId, model, workspace }) {
      await deps.ready()
      const folder = await deps.openWorkspace(workspace?.path, caller)
      const made = await makePlan(
        {
          text,
          ...(context === undefined ? {} : { context: context as Json }),
          ...(appId === undefined ? {} : { appId }),
          tools: toolsFor(caller),
          model: await modelFor(model),
          now: Date.now(),
        },
        signal,
      )
      const { intent, confidence, clarification, planner } = made
      const steps = made.steps.map(({ dependsOn, ...step }) => ({ ...step, ...(dependsOn === undefined ? {} : { dependsOn: [...dependsOn] }) }))
      const answer = { intent, confidence, planner, ...(clarification === undefined ? {} : { clarification }) }
      const [first] = steps
      if (!first) return { ...answer, plan: { id: null, intent, appId: null, toolId: null, inputs: null, steps: [], expiresAt: null } }
      const id = newId('plan')
      const tools = printsOf(steps)
      const now = Date.now()
      const veil = createVeil(deps.redact)
      const covered = steps.map((step) => ({
        ...step,
        inputs: veil.cover(step.inputs, registry.listing(step.toolId)?.inputsSchema as JsonSchema, true),
      }))
      const shown = isDeepStrictEqual(covered, steps) ? steps : covered
      const record: PlanRecord = {
        id,
        intent: veil.hide(intent),
        text: veil.hide(text),
        steps: shown,
        sealed: shown === steps ? null : deps.box.seal(id, JSON.stringify(steps)),
        confidence,
        planner,
        caller: caller.id,
        workspace: folder,
        hash: planHash(steps, tools),
        tools,
        createdAt: new Date(now).toISOString(),
        expiresAt: new Date(now + deps.setting('plans.minutes') * 60_000).toISOString(),
      }
      const planOf = (given: Plan['steps']): Plan => ({
        id,
        intent,
        appId: first.appId,
        toolId: first.toolId,
        inputs: given[0]?.inputs ?? null,
        steps: given,
        expiresAt: record.expiresAt,
      })
      // What is kept for a twin of this call holds no secret.
      commit((emit) => {
        plans.insert(record)
        emit('plan.created', { planId: id, caller: caller.id, toolIds: steps.map(({ toolId }) => toolId), hash: record.hash, planner })
        return veil.hide({ ...answer, plan: planOf(shown) })
      })
      return { ...answer, plan: planOf(steps) }
    },
    async 'plans.get'({ caller }, { id }) {
      const plan = plans.find(id)
      if (!plan || plan.caller !== caller.id) throw new Fault('not_found', `There is no plan ${id} of yours.`)
      return toStored(plan)
    },
    async 'plans.list'({ caller }, page) {
      const { items, nextCursor } = plans.list(caller.id, page)
      return { items: items.map(toStored), nextCursor }
    },
  } satisfies RoomHandlers
  return {
    handlers,
    /** A plan as it is carried out; undefined when there is none, or when it is not what was stored. */
    find(id: string) {
      const plan = plans.find(id)
      if (!plan) return undefined
      const steps = wholeSteps(plan)
      if (planHash(steps, plan.tools) === plan.hash) return { ...plan, steps }
      deps.report(new Error(`The plan ${id} is not what was stored; it was changed in the database.`))
      return undefined
    },
  }
}
