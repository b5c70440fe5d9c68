import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'

export interface MenuItem {
  readonly label: string
  readonly icon?: ReactNode
  readonly danger?: boolean
  readonly disabled?: boolean
  /** A key that does the same, shown at the right. */
  readonly keys?: string
  readonly onSelect: () => void
}
export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement
  /** Items; `null` is a line between groups. */
  readonly items: readonly (MenuItem | null)[]
}
/** A menu of deeds below its button. */
export function Menu({ trigger, items }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end" className="z-50 outline-none">
          <Base.Popup className="min-w-44 rounded-sm border border-line bg-raised py-1 shadow-lifted outline-none">
            {items.map((item, index) =>
              item === null ? (
                <Base.Separator key={index} className="my-1 border-t" />
              ) : (
                <Base.Item
                  key={item.label}
                  disabled={item.disabled ?? false}
                  onClick={item.onSelect}
                  className={`flex h-8 items-center gap-2 px-3 outline-none select-none data-disabled:opacity-55 data-highlighted:bg-accent-soft ${item.danger ? 'text-bad' : ''}`}
                >
                  {item.icon}
                  <span className="flex-1">{item.label}</span>
                  {item.keys !== undefined && <kbd className="text-xs text-muted">{item.keys}</kbd>}
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
