import { Combobox as Base } from '@base-ui/react/combobox'
import { Check, ChevronsUpDown } from 'lucide-react'
import { useMemo, useState } from 'react'
import { common } from '../text/common.ts'
import { parts as words } from '../text/parts.ts'
import { filterOptions, grouped, type ComboOption, type OptionGroup } from './combobox-options.ts'

export type { ComboOption } from './combobox-options.ts'
export interface ComboboxProps {
  /** What is chosen here. */
  readonly label: string
  /** The chosen option's value; one that is no option is shown as it is. */
  readonly value: string
  readonly options: readonly ComboOption[]
  readonly onChange: (value: string) => void
  /** A text that is no option may be taken too. */
  readonly free?: boolean
  readonly placeholder?: string
  readonly disabled?: boolean
  /** `quiet` has no frame: for a line of tools. */
  readonly kind?: 'plain' | 'quiet'
  readonly className?: string
  /** From a `Field` around it. */
  readonly id?: string
  readonly 'aria-describedby'?: string | undefined
  readonly 'aria-invalid'?: true | undefined
}
const kinds = {
  plain: 'w-full border-line-strong bg-raised aria-invalid:border-bad',
  quiet: 'border-transparent hover:bg-accent-soft',
} as const

/** One of many: a press opens a list, typing finds in it by name, note and group. */
export function Combobox({
  label,
  value,
  options,
  onChange,
  free = false,
  placeholder,
  disabled = false,
  kind = 'plain',
  className = '',
  ...described
}: ComboboxProps) {
  const [query, setQuery] = useState('')
  const groups = useMemo(() => grouped(options), [options])
  const found = useMemo(() => filterOptions(groups, query, free), [groups, query, free])
  const chosen = options.find((option) => option.value === value) ?? (value === '' ? null : { value, label: value })
  return (
    <Base.Root<ComboOption>
      items={groups}
      filteredItems={found}
      value={chosen}
      isItemEqualToValue={(a, b) => a.value === b.value}
      itemToStringLabel={(option) => option.label}
      inputValue={query}
      onInputValueChange={setQuery}
      onOpenChange={(isOpen) => isOpen && setQuery('')}
      onValueChange={(option) => option && onChange(option.value)}
      autoHighlight
      disabled={disabled}
    >
      <Base.Trigger
        {...described}
        {...(described.id === undefined ? { 'aria-label': label } : {})}
        className={`inline-flex h-8 min-w-0 items-center gap-1.5 rounded-sm border px-2 text-left select-none disabled:opacity-55 ${kinds[kind]} ${className}`}
      >
        <span className={`min-w-0 flex-1 truncate ${chosen ? '' : 'text-muted'}`}>{chosen?.label ?? placeholder ?? words.choose}</span>
        <ChevronsUpDown aria-hidden size={12} className="shrink-0 text-muted" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="start" collisionPadding={8} className="z-50 outline-none">
          <Base.Popup
            aria-label={label}
            className="flex max-h-[min(360px,var(--available-height))] w-max max-w-[min(420px,var(--available-width))] min-w-[max(240px,var(--anchor-width))] flex-col rounded-sm border bg-raised shadow-lifted outline-none"
          >
            <div className="border-b p-1">
              <Base.Input
                aria-label={common.search}
                placeholder={free ? words.searchOrEnter : common.search}
                className="h-8 w-full rounded-sm bg-raised px-2 outline-none max-sm:text-[16px]"
              />
            </div>
            <Base.Empty className="text-muted not-empty:px-3 not-empty:py-2">{words.nothingFound}</Base.Empty>
            <Base.List className="min-h-0 flex-1 overflow-auto overscroll-contain not-empty:py-1">
              {(group: OptionGroup) => (
                <Base.Group key={group.items[0]?.value} items={group.items}>
                  {group.name !== '' && <Base.GroupLabel className="px-3 pt-2 pb-1 text-xs text-muted">{group.name}</Base.GroupLabel>}
                  <Base.Collection>{(option: ComboOption) => <Item key={option.value} option={option} />}</Base.Collection>
                </Base.Group>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
function Item({ option }: { readonly option: ComboOption }) {
  return (
    <Base.Item
      value={option}
      disabled={option.disabled ?? false}
      className="flex min-h-8 items-center gap-2 border-l-2 border-transparent py-1 pr-3 pl-2.5 outline-none select-none data-disabled:opacity-55 data-highlighted:border-accent data-highlighted:bg-accent-soft pointer-coarse:min-h-10"
    >
      <span className="min-w-0 flex-1 break-words">
        {option.label}
        {option.note !== undefined && <span className="ml-2 text-xs text-muted">{option.note}</span>}
      </span>
      <Base.ItemIndicator>
        <Check aria-hidden size={14} className="text-accent" />
      </Base.ItemIndicator>
    </Base.Item>
  )
}
