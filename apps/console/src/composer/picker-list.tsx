import { Combobox } from '@base-ui/react/combobox'
import { Check } from 'lucide-react'
import { composer as text } from '../text/composer.ts'
import { PickerFace } from './picker-face.tsx'
import type { Choice, PickerProps } from './picker-props.ts'

const fits = (choice: Choice, query: string) => `${choice.label} ${choice.value}`.toLowerCase().includes(query.toLowerCase())

/** The list of a picker, with its filter and its button. */
export function PickerList<V extends string>({ label, value, choices, onChange, open, onOpenChange }: PickerProps<V>) {
  const chosen = choices.find((choice) => choice.value === value) ?? { value, label: value }
  return (
    <Combobox.Root<Choice<V>>
      items={choices}
      value={chosen}
      open={open}
      onOpenChange={onOpenChange}
      onValueChange={(choice) => choice !== null && choice.value !== value && onChange(choice.value)}
      isItemEqualToValue={(a, b) => a.value === b.value}
      itemToStringLabel={(choice) => choice.label}
      filter={fits}
      autoHighlight
    >
      <Combobox.Trigger render={<PickerFace label={label} chosen={chosen.label} />} />
      <Combobox.Portal>
        <Combobox.Positioner side="top" align="start" sideOffset={4} className="z-50 outline-none">
          <Combobox.Popup
            aria-label={label}
            className="flex max-h-[min(24rem,var(--available-height))] w-[min(26rem,calc(100vw-1rem))] flex-col rounded-sm border bg-raised shadow-lifted outline-none"
          >
            <Combobox.Input
              placeholder={text.filter}
              aria-label={`${label}: ${text.filter}`}
              className="h-9 shrink-0 rounded-t-sm border-b bg-transparent px-3 outline-none max-sm:text-[16px]"
            />
            <Combobox.Empty className="px-3 py-2 text-muted empty:hidden">{text.nothingFound}</Combobox.Empty>
            <Combobox.List className="min-h-0 overflow-auto py-1 empty:hidden">
              {(choice: Choice<V>) => (
                <Combobox.Item
                  key={choice.value}
                  value={choice}
                  disabled={choice.disabled ?? false}
                  className="flex min-h-8 gap-2 px-3 py-1.5 outline-none select-none data-disabled:opacity-55 data-highlighted:bg-accent-soft"
                >
                  <span className="w-3.5 shrink-0 pt-px">
                    <Combobox.ItemIndicator>
                      <Check aria-hidden size={14} />
                    </Combobox.ItemIndicator>
                  </span>
                  <span className="min-w-0 flex-1">
                    <span className="block break-words">{choice.label}</span>
                    {choice.about !== undefined && <span className="block text-xs text-muted">{choice.about}</span>}
                  </span>
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  )
}
