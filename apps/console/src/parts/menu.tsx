import { cloneElement, Suspense, useState } from 'react'
import { late } from './late.ts'
import type { MenuProps } from './menu-items.ts'

const load = () => import('./menu-list.tsx')
const MenuList = late(async () => (await load()).MenuList)

/** A menu of deeds below its button. What shows it is loaded when a person comes near. */
export function Menu({ trigger, items }: MenuProps) {
  const [isAsked, setIsAsked] = useState(false)
  const near = () => void load().catch(() => undefined)
  const closed = cloneElement(trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onClick: () => setIsAsked(true),
    onPointerEnter: near,
    onFocus: near,
  })
  if (!isAsked) return closed
  return (
    <Suspense fallback={closed}>
      <MenuList trigger={trigger} items={items} />
    </Suspense>
  )
}
