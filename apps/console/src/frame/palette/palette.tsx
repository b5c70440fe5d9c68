import { Dialog } from '@base-ui/react/dialog'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { palette as words } from '../../text/palette.ts'
import { groups, type Entry } from './match.ts'
import { recentIds, rememberId } from './recent.ts'
import { useEntries } from './use-entries.ts'

export interface PaletteProps {
  readonly open: boolean
  readonly onClose: () => void
  /** Where the focus goes when it closes. */
  readonly opener: (closed: HTMLElement | null) => HTMLElement | boolean
  readonly commands: readonly Entry[]
}
/** Finds everything: pages, sessions, what was said in them, tools, workflows, tasks, memories, settings and commands. A combobox with its list below. */
export function Palette({ open, onClose, opener, commands }: PaletteProps) {
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Dialog.Root open={open} onOpenChange={(isOpen) => isOpen || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-shade" />
        <Dialog.Popup
          ref={popup}
          finalFocus={() => opener(popup.current)}
          className="fixed inset-x-0 top-0 z-40 mx-auto flex max-h-[76dvh] flex-col overflow-hidden rounded-sm border bg-ground shadow-lifted outline-none sm:top-[12vh] sm:w-[min(640px,92vw)]"
        >
          <Dialog.Title className="sr-only">{words.title}</Dialog.Title>
          <Finder commands={commands} onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
function Finder({ commands, onClose }: Pick<PaletteProps, 'commands' | 'onClose'>) {
  const router = useRouter()
  const id = useId()
  const [query, setQuery] = useState('')
  const [recent] = useState(recentIds)
  const [active, setActive] = useState(0)
  const found = groups(useEntries(query, commands), query, recent)
  const flat = found.flatMap(({ entries }) => entries)
  const at = Math.min(active, flat.length - 1)
  const optionId = (index: number) => `${id}-${index}`
  useEffect(() => {
    // Not answered: browsers have begun to answer a promise, which is no way to clean up.
    void document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: 'nearest' })
  }, [at, id, query])
  const choose = (entry: Entry | undefined) => {
    if (entry === undefined) return
    rememberId(entry.id)
    onClose()
    if (entry.run !== undefined) entry.run()
    else router.history.push(`${router.basepath === '/' ? '' : router.basepath}${entry.to}`)
  }
  const moves: Readonly<Record<string, () => void>> = {
    ArrowDown: () => setActive((at + 1) % Math.max(1, flat.length)),
    ArrowUp: () => setActive((at - 1 + flat.length) % Math.max(1, flat.length)),
    PageDown: () => setActive(Math.min(at + 8, flat.length - 1)),
    PageUp: () => setActive(Math.max(at - 8, 0)),
    Enter: () => choose(flat[at]),
  }
  const pressed = (event: KeyboardEvent) => {
    const move = event.nativeEvent.isComposing ? undefined : moves[event.key]
    if (move === undefined) return
    event.preventDefault()
    move()
  }
  let index = -1
  return (
    <>
      <input
        autoFocus
        role="combobox"
        aria-label={words.label}
        aria-expanded={flat.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={flat.length > 0 ? optionId(at) : undefined}
        autoComplete="off"
        spellCheck={false}
        maxLength={400}
        placeholder={words.placeholder}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setActive(0)
        }}
        onKeyDown={pressed}
        className="h-12 shrink-0 border-b bg-raised px-4 text-md outline-none max-sm:text-[16px]"
      />
      <div id={`${id}-list`} role="listbox" aria-label={words.results} className="min-h-0 flex-1 overflow-y-auto py-1">
        {found.map(({ kind, entries }) => (
          <div key={kind} role="group" aria-labelledby={`${id}-${kind}`}>
            <p id={`${id}-${kind}`} className="px-4 pt-2 pb-1 text-xs text-muted">
              {words.kinds[kind]}
            </p>
            {entries.map((entry) => {
              index += 1
              const here = index
              return (
                // The keys are the field's, which names the chosen option (WAI-ARIA combobox): an option itself has no focus.
                // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
                <div
                  key={entry.id}
                  id={optionId(here)}
                  role="option"
                  aria-selected={here === at}
                  onPointerMove={() => here === at || setActive(here)}
                  onPointerDown={(event) => event.preventDefault()}
                  onClick={() => choose(entry)}
                  className={`flex h-8 items-center gap-3 px-4 max-sm:h-11 ${here === at ? 'bg-accent-soft' : ''}`}
                >
                  <bdi className="min-w-0 truncate">{entry.label}</bdi>
                  {entry.note !== undefined && <bdi className="min-w-0 flex-1 truncate text-right text-xs text-muted">{entry.note}</bdi>}
                </div>
              )
            })}
          </div>
        ))}
      </div>
      <p role="status" className={flat.length === 0 ? 'px-4 pb-4' : 'sr-only'}>
        {flat.length === 0 && query.trim() !== '' ? words.nothing(query.trim()) : ''}
      </p>
      <p className="shrink-0 border-t px-4 py-1.5 text-xs text-muted max-sm:hidden">{words.moves}</p>
    </>
  )
}
