import type { ModelFacts, PermissionMode } from '@steward/contract/daemon'
import { count, money } from '../parts/format.ts'
import { useList, type ItemOf } from '../platform/operations.ts'
import { composer as text, modes } from '../text/composer.ts'
import type { Choice } from './picker-props.ts'

export const modeChoices: readonly Choice<PermissionMode>[] = (
  Object.keys(modes satisfies Readonly<Record<PermissionMode, object>>) as PermissionMode[]
).map((value) => ({ value, ...modes[value] }))

function aboutModel({ id, available, isDefault, contextTokens, price, priceSource }: ModelFacts): string {
  if (id === 'builtin') return text.builtinAbout
  return [
    text.modelAbout(count(contextTokens), money(price.input), money(price.output)),
    ...(priceSource === 'estimate' ? [text.estimated] : []),
    ...(isDefault ? [text.modelDefault] : []),
    ...(available ? [] : [text.unavailable]),
  ].join(' · ')
}
/** The models, those that can be used first. */
const modelChoices = (models: readonly ModelFacts[]): Choice[] =>
  models
    .toSorted((a, b) => Number(b.available) - Number(a.available) || Number(b.isDefault) - Number(a.isDefault))
    .map((model) => ({ value: model.id, label: model.id, about: aboutModel(model), disabled: !model.available }))
/** The agents, the default one first. */
const agentChoices = (agents: readonly Pick<ItemOf<'agents.list'>, 'id' | 'name' | 'description' | 'isDefault'>[]): Choice[] =>
  agents.map(({ id, name, description, isDefault }) => ({
    value: id,
    label: name,
    ...(description || isDefault ? { about: [...(isDefault ? [text.defaultAgent] : []), ...(description ? [description] : [])].join(' · ') } : {}),
  }))
/** What may be chosen for a session. */
export function useChoices() {
  const models = useList('models.list', { limit: 200 })
  const agents = useList('agents.list', { limit: 200 })
  return { models: modelChoices(models.items), agents: agentChoices(agents.items), facts: models.items, agentFacts: agents.items }
}
