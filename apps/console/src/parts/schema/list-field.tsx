import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { useRef } from 'react'
import { forms as words } from '../../text/forms.ts'
import { Button, IconButton } from '../button.tsx'
import { pathOf } from './check.ts'
import { useForm, type Of } from './context.ts'
import { startOf } from './defaults.ts'
import { Group } from './label.tsx'
import { resolve, shapeOf } from './shape.ts'
import { useWords } from './use-words.tsx'

/** A list: entries that can be added, moved and taken out. */
export function ListField(of: Of<'list'>) {
  const { shape, value, onChange, path } = of
  const { Any, root, leave } = useForm()
  const { field } = useWords(of)
  const adds = useRef<HTMLButtonElement>(null)
  const entries: readonly unknown[] = Array.isArray(value) ? value : []
  const put = (next: readonly unknown[]) => {
    onChange(next.length === 0 && !of.required ? undefined : next)
    leave(path)
  }
  const swap = (a: number, b: number) => put(entries.map((entry, index) => (index === a ? entries[b] : index === b ? entries[a] : entry)))
  const isFlat = !['object', 'either', 'map', 'list'].includes(shapeOf(shape.items, root).kind)
  const tools = (index: number) => (
    <>
      <IconButton label={words.up(words.entry(index + 1))} disabled={index === 0} onClick={() => swap(index, index - 1)}>
        <ArrowUp aria-hidden size={14} />
      </IconButton>
      <IconButton label={words.down(words.entry(index + 1))} disabled={index === entries.length - 1} onClick={() => swap(index, index + 1)}>
        <ArrowDown aria-hidden size={14} />
      </IconButton>
      <IconButton
        label={words.remove(words.entry(index + 1))}
        onClick={() => {
          put(entries.filter((_, at) => at !== index))
          adds.current?.focus()
        }}
      >
        <X aria-hidden size={14} />
      </IconButton>
    </>
  )
  return (
    <Group {...field}>
      {entries.map((entry, index) => (
        <div key={index} className={isFlat ? 'flex items-start gap-1' : 'flex flex-col gap-1'}>
          {!isFlat && (
            <div className="flex items-center gap-1">
              <span className="flex-1 font-bold">{words.entry(index + 1)}</span>
              {tools(index)}
            </div>
          )}
          <div className="min-w-0 flex-1">
            <Any
              name={words.entry(index + 1)}
              schema={{ ...resolve(shape.items, root), title: words.entry(index + 1) }}
              value={entry ?? undefined}
              onChange={(changed) => put(entries.map((one, at) => (at === index ? (changed ?? null) : one)))}
              path={pathOf(path, index)}
              required
              hiddenLabel
            />
          </div>
          {isFlat && tools(index)}
        </div>
      ))}
      <div>
        <Button
          ref={adds}
          size="sm"
          disabled={entries.length >= (shape.maxItems ?? Infinity)}
          onClick={() => onChange([...entries, startOf(shape.items, root) ?? null])}
        >
          <Plus aria-hidden size={14} />
          {words.addEntry}
        </Button>
      </div>
    </Group>
  )
}
