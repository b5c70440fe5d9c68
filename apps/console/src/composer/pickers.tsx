import type { PermissionMode } from '@steward/contract/daemon'
import { composer as text } from '../text/composer.ts'
import { modeChoices, useChoices } from './choices.ts'
import { Picker } from './picker.tsx'

export type PickerName = 'mode' | 'agent' | 'model'
export interface Chosen {
  readonly permissionMode: PermissionMode
  readonly agentId: string
  readonly model: string
}
export interface PickersProps {
  readonly chosen: Chosen
  readonly onChange: (change: Partial<Chosen>, label: string) => void
  /** Which one is open, if any. */
  readonly open: PickerName | null
  readonly onOpen: (name: PickerName | null) => void
}
/** How a session works: what it may do by itself, with which agent and which model. */
export function Pickers({ chosen, onChange, open, onOpen }: PickersProps) {
  const { models, agents } = useChoices()
  const labelOf = (choices: readonly { value: string; label: string }[], value: string) => choices.find((one) => one.value === value)?.label ?? value
  const door = (name: PickerName) => ({ open: open === name, onOpenChange: (isOpen: boolean) => onOpen(isOpen ? name : null) })
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-1">
      <Picker
        label={text.mode}
        value={chosen.permissionMode}
        choices={modeChoices}
        onChange={(permissionMode) => onChange({ permissionMode }, text.changedTo(text.mode, labelOf(modeChoices, permissionMode)))}
        {...door('mode')}
      />
      <Picker
        label={text.agent}
        value={chosen.agentId}
        choices={agents}
        onChange={(agentId) => onChange({ agentId }, text.changedTo(text.agent, labelOf(agents, agentId)))}
        {...door('agent')}
      />
      <Picker
        label={text.model}
        value={chosen.model}
        choices={models}
        onChange={(model) => onChange({ model }, text.changedTo(text.model, model))}
        {...door('model')}
      />
    </div>
  )
}
