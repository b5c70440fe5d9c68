import { useEffect, useRef } from 'react'
import { composer as text } from '../text/composer.ts'
import type { Suggestions } from './use-suggestions.ts'

export interface SuggestionListProps extends Suggestions {
  readonly id: string
  readonly label: string
  readonly active: number
  readonly onChoose: (index: number) => void
  readonly onActive: (index: number) => void
}
/** What can be chosen, above the text. The cursor stays in the text; the option that Enter would take is named by its id. */
export function SuggestionList({ id, label, items, note, active, onChoose, onActive }: SuggestionListProps) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <div className="absolute inset-x-0 bottom-full z-30 mb-1 overflow-hidden rounded-sm border bg-raised shadow-lifted">
      <div ref={list} id={id} role="listbox" aria-label={label} className="max-h-64 overflow-auto py-1 empty:hidden">
        {items.map((item, index) => (
          <div
            key={item.name}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            onPointerMove={() => index === active || onActive(index)}
            tabIndex={-1}
            onMouseDown={(event) => {
              // The cursor stays in the text.
              event.preventDefault()
              onChoose(index)
            }}
            className={`flex min-h-7 items-baseline gap-3 px-3 py-1 ${index === active ? 'bg-accent-soft' : ''}`}
          >
            <bdi className="min-w-0 shrink-0 truncate font-mono max-sm:shrink">{item.name}</bdi>
            {item.about !== undefined && <span className="min-w-0 flex-1 truncate text-muted">{item.about}</span>}
          </div>
        ))}
      </div>
      {note !== undefined && <p className="px-3 py-2 text-muted">{note}</p>}
      <span role="status" className="sr-only">
        {items.length > 0 ? text.optionsCount(items.length) : note}
      </span>
    </div>
  )
}
