import { Link, useNavigate } from '@tanstack/react-router'
import { Ellipsis, Search } from 'lucide-react'
import { Menu } from '../parts/menu.tsx'
import { text } from '../text/index.ts'
import { places, thumbPlaces } from './places.ts'
import { RecentSessions } from './recent-sessions.tsx'

function Badge({ count }: { readonly count: number }) {
  if (count === 0) return null
  return (
    <span className="rounded-full bg-warn-soft px-1.5 text-xs font-bold text-warn">
      {count}
      <span className="sr-only"> {text.states.waiting}</span>
    </span>
  )
}
export interface NavigationProps {
  /** How many things wait for a person. */
  readonly waiting: number
  readonly onFind: () => void
}
const findKey = () => (/Mac|iPhone|iPad/.test(navigator.platform) ? '⌘K' : 'Ctrl K')

/** The pages and the sessions last used, down the left side. */
export function Navigation({ waiting, onFind }: NavigationProps) {
  return (
    <nav aria-label={text.frame.navigation} className="flex w-52 shrink-0 flex-col gap-0.5 border-r bg-panel p-2 max-sm:hidden">
      <Link to="/sessions" className="px-2 py-1.5 text-md font-bold">
        {text.frame.product}
      </Link>
      <button type="button" onClick={onFind} className="mb-2 flex h-8 items-center gap-2 rounded-sm border px-2 text-muted hover:border-line-strong">
        <Search aria-hidden size={14} />
        <span className="flex-1 text-left">{text.frame.find}</span>
        <kbd aria-hidden className="font-sans text-xs">
          {findKey()}
        </kbd>
      </button>
      {places.map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          className="flex h-8 items-center gap-2 rounded-sm px-2 hover:bg-accent-soft"
          activeProps={{ className: 'bg-accent-soft font-bold', 'aria-current': 'page' }}
        >
          <Icon aria-hidden size={15} />
          <span className="flex-1">{label}</span>
          {to === '/inbox' && <Badge count={waiting} />}
        </Link>
      ))}
      <RecentSessions />
    </nav>
  )
}
const thumb = 'flex flex-1 flex-col items-center justify-center gap-0.5 text-xs'
/** The same for a thumb, along the lower edge of a phone. */
export function ThumbBar({ waiting, onFind }: NavigationProps) {
  const navigate = useNavigate()
  return (
    <nav aria-label={text.frame.navigation} className="flex h-14 shrink-0 border-t bg-panel pb-[env(safe-area-inset-bottom)] sm:hidden">
      {thumbPlaces.map(({ to, label, icon: Icon }) => (
        <Link key={to} to={to} className={`${thumb} relative`} activeProps={{ className: 'font-bold text-accent', 'aria-current': 'page' }}>
          <Icon aria-hidden size={18} />
          {label}
          {to === '/inbox' && (
            <span className="absolute top-0.5 right-1/4">
              <Badge count={waiting} />
            </span>
          )}
        </Link>
      ))}
      <Menu
        trigger={
          <button type="button" className={thumb}>
            <Ellipsis aria-hidden size={18} />
            {text.frame.more}
          </button>
        }
        items={[
          { label: text.frame.find, icon: <Search aria-hidden size={15} />, onSelect: onFind },
          null,
          ...places.slice(thumbPlaces.length).map(({ to, label, icon: Icon }) => ({
            label,
            icon: <Icon aria-hidden size={15} />,
            onSelect: () => void navigate({ to }),
          })),
        ]}
      />
    </nav>
  )
}
