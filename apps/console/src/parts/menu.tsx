import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'
import { Kbd } from './kbd.tsx'

export interface MenuItem {
  readonly label: string
  readonly icon?: ReactNode
  readonly danger?: boolean
  readonly disabled?: boolean
  /** A key that does the same, by its name (`mod+k`), shown at the right. */
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
        <Base.Positioner sideOffset={4} align="end" collisionPadding={8} className="z-50 outline-none">
          <Base.Popup className="max-h-(--available-height) min-w-44 overflow-auto rounded-sm border border-line bg-raised py-1 shadow-lifted outline-none">
            {items.map((item, index) =>
              item === null ? (
                <Base.Separator key={index} className="my-1 border-t" />
              ) : (
                <Base.Item
                  key={item.label}
                  disabled={item.disabled ?? false}
                  onClick={item.onSelect}
                  className={`flex min-h-8 items-center gap-2 pr-3 pl-2.5 outline-none pointer-coarse:min-h-10 select-none border-l-2 border-transparent data-disabled:opacity-55 data-highlighted:border-accent data-highlighted:bg-accent-soft ${item.danger ? 'text-bad' : ''}`}
                >
                  {item.icon}
                  <span className="flex-1">{item.label}</span>
                  {item.keys !== undefined && <Kbd keys={item.keys} />}
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
