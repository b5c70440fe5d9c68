import { useState } from 'react'
import { Code } from '../parts/code.tsx'
import { Json } from '../parts/json.tsx'
import { Markdown } from '../parts/markdown.tsx'
import { executions as words } from '../text/executions.ts'
import { mainText } from './main-text.ts'

const kinds = ['plain', 'markdown', 'json'] as const
type Kind = (typeof kinds)[number]

/** What a tool gave: as data, and where it is mostly a text as that text. */
export function ValueView({ value, label }: { readonly value: unknown; readonly label: string }) {
  const text = mainText(value)
  const [chosen, setChosen] = useState<Kind>()
  if (text === null) return <Json value={value} />
  const shown = chosen ?? (typeof value === 'string' || text.includes('\n') ? 'plain' : 'json')
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div role="group" aria-label={`${words.show.label}: ${label}`} className="flex gap-1">
        {kinds.map((kind) => (
          <button
            key={kind}
            type="button"
            aria-pressed={shown === kind}
            onClick={() => setChosen(kind)}
            className="h-6 rounded-sm px-2 text-xs text-muted hover:bg-accent-soft aria-pressed:bg-accent-soft aria-pressed:text-ink"
          >
            {words.show[kind]}
          </button>
        ))}
      </div>
      {shown === 'plain' && <Code text={text} label={label} />}
      {shown === 'markdown' && <Markdown text={text} />}
      {shown === 'json' && <Json value={value} />}
    </div>
  )
}
