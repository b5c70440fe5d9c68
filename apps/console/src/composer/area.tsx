import { useEffect, useId, useLayoutEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react'
import { composer as text } from '../text/composer.ts'
import { placeArea } from './areas.ts'
import { complete, triggerAt, type Trigger } from './completion.ts'
import { SuggestionList } from './suggestion-list.tsx'
import { useSuggestions } from './use-suggestions.ts'

/** Where one types with thumbs, Enter makes a line: a button to send is near, a key for a line is not. */
const isTouch = () => matchMedia('(pointer: coarse)').matches
const none = { items: [] } as const

export interface AreaProps {
  readonly draftId: string
  /** Absent: there is no session yet, so no commands for it and no files of it. */
  readonly sessionId?: string | undefined
  readonly value: string
  readonly onChange: (text: string) => void
  readonly onPaste: (event: ClipboardEvent) => void
  /** Enter, or ⌘⏎; `steer` with ⌘⇧⏎. */
  readonly onSubmit: (steer: boolean) => void
  /** A command was chosen from the list: `/stop`. */
  readonly onCommand?: ((name: string) => void) | undefined
  /** Escape, where nothing is open that it closes. */
  readonly onEscape?: (() => void) | undefined
  readonly describedBy?: string | undefined
  readonly isDisabled?: boolean
  readonly rows?: number
}
/** The text of a message: it grows, completes commands and file names, and is safe to write in with an input method. */
export function Area({
  draftId,
  sessionId,
  value,
  onChange,
  onPaste,
  onSubmit,
  onCommand,
  onEscape,
  describedBy,
  isDisabled = false,
  rows = 1,
}: AreaProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  const listId = useId()
  const [caret, setCaret] = useState(0)
  const [isFocused, setFocused] = useState(false)
  const [dismissed, dismiss] = useState<number | null>(null)
  const [active, setActive] = useState(0)
  const nextCaret = useRef<number | null>(null)
  const found = isFocused ? triggerAt(value, caret) : null
  const trigger = found !== null && found.from !== dismissed ? found : null
  const suggestions = useSuggestions(sessionId, trigger)
  const { items } = trigger === null ? none : suggestions
  const chosen = Math.min(active, items.length - 1)
  const isOpen = trigger !== null && (items.length > 0 || (trigger.kind === 'file' && suggestions.note !== undefined))

  useEffect(() => {
    placeArea(draftId, area.current)
    return () => placeArea(draftId, null)
  }, [draftId])
  useEffect(() => setActive(0), [trigger?.kind, trigger?.query])
  useEffect(() => {
    if (found === null) dismiss(null)
  }, [found])
  useLayoutEffect(() => {
    const element = area.current
    if (element === null) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
    if (nextCaret.current !== null) element.setSelectionRange(nextCaret.current, nextCaret.current)
    nextCaret.current = null
  }, [value])

  const take = (index: number, at: Trigger) => {
    const item = items[index]
    if (!item) return
    if (item.insert === undefined) return onCommand?.(item.name)
    const done = complete(value, at, item.insert)
    nextCaret.current = done.caret
    setCaret(done.caret)
    onChange(done.text)
    area.current?.focus()
  }
  /** Keys of the list; true when one was dealt with. */
  const steerList = ({ key, shiftKey, metaKey, ctrlKey }: KeyboardEvent, at: Trigger): boolean => {
    if (key === 'Escape') {
      dismiss(at.from)
      return true
    }
    if (items.length === 0 || metaKey || ctrlKey || shiftKey) return false
    if (key === 'ArrowDown') setActive((chosen + 1) % items.length)
    else if (key === 'ArrowUp') setActive((chosen + items.length - 1) % items.length)
    else if (key === 'Enter' || key === 'Tab') take(chosen, at)
    else return false
    return true
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends a composition belongs to the input method (keyCode 229: Safari).
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (isOpen && steerList(event, trigger)) return event.preventDefault()
    if (event.key === 'Escape' && onEscape) {
      event.preventDefault()
      return onEscape()
    }
    if (event.key !== 'Enter') return
    const mod = event.metaKey || event.ctrlKey
    if (!mod && (event.shiftKey || isTouch())) return
    event.preventDefault()
    onSubmit(mod && event.shiftKey)
  }
  return (
    <div className="relative">
      {isOpen && (
        <SuggestionList
          id={listId}
          label={trigger.kind === 'file' ? text.files : text.commands}
          {...suggestions}
          active={chosen}
          onActive={setActive}
          onChoose={(index) => take(index, trigger)}
        />
      )}
      <textarea
        ref={area}
        rows={rows}
        value={value}
        disabled={isDisabled}
        aria-label={text.label}
        aria-describedby={describedBy}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={isOpen && items.length > 0 ? `${listId}-${chosen}` : undefined}
        placeholder={sessionId === undefined ? text.placeholderNew : text.placeholder}
        onChange={(event) => {
          setCaret(event.target.selectionStart)
          onChange(event.target.value)
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        className="block max-h-[40dvh] w-full resize-none overflow-y-auto bg-transparent px-3 pt-2.5 pb-1 text-md outline-none disabled:opacity-55 max-sm:text-[16px]"
      />
    </div>
  )
}
