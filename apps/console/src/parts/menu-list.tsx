import { Menu as Base } from '@base-ui/react/menu'
import { useEffect, useRef } from 'react'
import { Kbd } from './kbd.tsx'
import type { MenuProps } from './menu-items.ts'

/** A menu that is opened at once: loaded when one is asked for (menu.tsx). */
export function MenuList({ trigger, items }: MenuProps) {
  const button = useRef<HTMLButtonElement>(null)
  const wasPressed = useRef(false)
  useEffect(() => {
    // The press that asked for it, given to what has come in the place of its button: by the keyboard the first item has the focus then.
    if (!wasPressed.current) button.current?.click()
    wasPressed.current = true
  }, [])
  return (
    <Base.Root>
      <Base.Trigger ref={button} render={trigger} />
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
