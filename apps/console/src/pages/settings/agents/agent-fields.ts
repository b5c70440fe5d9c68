import { sentAmount } from '../../../parts/amount.ts'
import type { InputOf } from '../../../platform/daemon.ts'
import type { ItemOf } from '../../../platform/operations.ts'

export type Agent = ItemOf<'agents.list'>

export const modes = ['default', 'plan', 'ask', 'accept-edits', 'auto', 'dontask'] as const
export const limitNames = ['steps', 'toolCalls', 'minutes', 'tokens', 'outputBytes'] as const
/** An agent as it stands in its form: everything is text. */
export interface Draft {
  readonly name: string
  readonly description: string
  readonly instructions: string
  /** Empty: the default. */
  readonly model: string
  readonly fallbackModel: string
  readonly tools: string
  readonly allSkills: boolean
  readonly skills: string
  readonly mode: (typeof modes)[number]
  readonly limits: Readonly<Partial<Record<(typeof limitNames)[number], string>>>
  readonly budgetUsd: string
}
const lines = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean)

/** An agent in its form; without one, a new one that may use every tool. */
export const fieldsOf = (agent?: Agent): Draft => ({
  name: agent?.name ?? '',
  description: agent?.description ?? '',
  instructions: agent?.instructions ?? '',
  model: agent?.model ?? '',
  fallbackModel: agent?.fallbackModel ?? '',
  tools: (agent?.tools ?? ['*']).join('\n'),
  allSkills: (agent?.skills ?? null) === null,
  skills: (agent?.skills ?? []).join('\n'),
  mode: agent?.permissionMode ?? 'default',
  limits: Object.fromEntries(limitNames.flatMap((name) => (agent?.limits[name] === undefined ? [] : [[name, String(agent.limits[name])]]))),
  budgetUsd: agent?.budgetUsd == null ? '' : String(agent.budgetUsd),
})
/** What the form says, as it is sent. A limit that is no number is sent as it was written: the daemon says what is wrong with it. */
export function sentOf(draft: Draft) {
  const { name, description, instructions, model, fallbackModel, tools, allSkills, skills, mode, limits, budgetUsd } = draft
  const given = limitNames.flatMap((limit) => ((limits[limit] ?? '').trim() === '' ? [] : [[limit, sentAmount(limits[limit] ?? '')]]))
  return {
    name: name.trim(),
    description,
    instructions,
    model: model === '' ? null : model,
    fallbackModel: fallbackModel === '' ? null : fallbackModel,
    tools: lines(tools),
    skills: allSkills ? null : lines(skills),
    permissionMode: mode === 'default' ? null : mode,
    limits: Object.fromEntries(given) as NonNullable<InputOf<'agents.create'>['limits']>,
    budgetUsd: sentAmount(budgetUsd),
  } satisfies InputOf<'agents.create'>
}
