import { useEffect, useId, useLayoutEffect, useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from 'react'
import { workflows as words } from '../../../text/workflows.ts'
import { fitting, taken, writtenAt, type Offer } from '../offers.ts'

type TextField = HTMLInputElement | HTMLTextAreaElement
interface Open {
  readonly field: TextField
  readonly from: number
  readonly isTemplate: boolean
  readonly found: readonly Offer[]
  readonly at: number
}
const isText = (target: EventTarget): target is TextField =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && /^(text|url|email|search)$/.test(target.type))

/** Puts a text into a field as typing would, so that whoever listens to it hears. */
function type(field: TextField, text: string, caret: number): void {
  const prototype = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, text)
  field.dispatchEvent(new Event('input', { bubbles: true }))
  field.setSelectionRange(caret, caret)
}
/**
 * Offers what a template may read while one is written in any text field inside: after `{{`, and throughout in fields marked `data-expression`. Arrows choose, Enter or Tab
 * takes, Esc closes.
 */
export function Completion({ offers, children }: { readonly offers: readonly Offer[]; readonly children: ReactNode }) {
  const [open, setOpen] = useState<Open>()
  const id = useId()
  const look = (field: TextField) => {
    const caret = field.selectionStart ?? field.value.length
    const isExpression = field.dataset['expression'] !== undefined
    const place = writtenAt(field.value, caret, isExpression)
    const found = place === null || (!place.isTemplate && place.written === '' && field.value !== '') ? [] : fitting(offers, place.written)
    setOpen(place === null || found.length === 0 ? undefined : { field, from: place.from, isTemplate: place.isTemplate, found, at: 0 })
  }
  const take = ({ field, from, isTemplate, found, at }: Open, chosen = at) => {
    const offer = found[chosen]
    setOpen(undefined)
    if (!offer) return
    const next = taken(field.value, field.selectionStart ?? field.value.length, from, offer.path, isTemplate)
    type(field, next.text, next.caret)
    field.focus()
    setOpen(undefined)
  }
  const keys = (event: KeyboardEvent) => {
    if (!open) return
    const deeds: Readonly<Record<string, () => void>> = {
      ArrowDown: () => setOpen({ ...open, at: (open.at + 1) % open.found.length }),
      ArrowUp: () => setOpen({ ...open, at: (open.at + open.found.length - 1) % open.found.length }),
      Enter: () => take(open),
      Tab: () => take(open),
      Escape: () => setOpen(undefined),
    }
    const deed = event.metaKey || event.ctrlKey || event.altKey || event.shiftKey ? undefined : deeds[event.key]
    if (!deed) return
    event.preventDefault()
    event.stopPropagation()
    deed()
  }
  const current = open?.field
  const active = open === undefined ? undefined : `${id}-${open.at}`
  useEffect(() => {
    if (current === undefined || active === undefined) return
    current.setAttribute('aria-controls', id)
    current.setAttribute('aria-activedescendant', active)
    return () => {
      current.removeAttribute('aria-controls')
      current.removeAttribute('aria-activedescendant')
    }
  }, [current, active, id])
  return (
    <div
      onInput={(event: FormEvent) => isText(event.target) && look(event.target)}
      onFocus={(event) => isText(event.target) && event.target.dataset['expression'] !== undefined && look(event.target)}
      onBlur={() => setOpen(undefined)}
      onKeyDownCapture={keys}
    >
      {children}
      <span role="status" className="sr-only">
        {open && words.edit.offered(open.found.length)}
      </span>
      {open && <Offers id={id} open={open} onTake={(at) => take(open, at)} />}
    </div>
  )
}
function Offers({ id, open, onTake }: { readonly id: string; readonly open: Open; readonly onTake: (at: number) => void }) {
  const list = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState({ left: 0, top: 0, width: 0 })
  useLayoutEffect(() => {
    const box = open.field.getBoundingClientRect()
    const isAbove = box.bottom + 220 > window.innerHeight && box.top > 220
    setPlace({ left: box.left, top: isAbove ? box.top - 4 - (list.current?.offsetHeight ?? 0) : box.bottom + 4, width: Math.min(box.width, 480) })
  }, [open])
  useEffect(() => {
    void list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [open.at])
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label={words.edit.offers}
      style={{ left: place.left, top: place.top, minWidth: Math.max(240, place.width) }}
      className="fixed z-50 max-h-52 max-w-[92vw] overflow-auto rounded-sm border border-line-strong bg-raised py-1 shadow-lifted"
    >
      {open.found.map(({ path, about }, at) => (
        <div
          key={path}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === open.at}
          className="flex min-h-6 items-baseline gap-2 px-2 aria-selected:bg-accent-soft"
          // The field keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          tabIndex={-1}
          onPointerUp={() => onTake(at)}
        >
          <span className="font-mono text-xs">{path}</span>
          {about !== undefined && <span className="truncate text-xs text-muted">{about}</span>}
        </div>
      ))}
    </div>
  )
}
