import { useId, useRef, useState, type KeyboardEvent } from 'react'
import { Line } from '../../../executions/line.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Field, Input } from '../../../parts/field.tsx'
import { workflows as words } from '../../../text/workflows.ts'
import type { Known } from './use-known.ts'

export type Target = { readonly toolId: string } | { readonly workflowId: string }
interface Choice {
  readonly key: string
  readonly name: string
  readonly about: string
  readonly target: Target
}
/** What fits all the words that were written: by name first, then by description. */
function search(choices: readonly Choice[], written: string): Choice[] {
  const wanted = written
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const inName = choices.filter(({ name }) => wanted.every((word) => name.toLowerCase().includes(word)))
  const inAll = choices.filter(
    (choice) => !inName.includes(choice) && wanted.every((word) => `${choice.name} ${choice.about}`.toLowerCase().includes(word)),
  )
  return [...inName, ...inAll]
}
export interface ToolPickerProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly known: Known
  /** The workflow that is edited: it cannot be a step of itself. */
  readonly self: string | undefined
  readonly onPick: (target: Target) => void
}
/** Chooses what a step does, by search: arrows choose, Enter takes. */
export function ToolPicker({ open, onClose, known, self, onPick }: ToolPickerProps) {
  const [written, setWritten] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const choices: Choice[] = [
    ...known.tools.map((tool) => ({ key: tool.id, name: tool.id, about: tool.description.split('\n')[0] ?? '', target: { toolId: tool.id } })),
    ...known.workflows
      .filter((one) => one.id !== self)
      .map((one) => ({ key: one.id, name: one.name, about: one.description ?? words.edit.pickWorkflows, target: { workflowId: one.id } })),
  ]
  const found = search(choices, written)
  const active = Math.min(at, found.length - 1)
  const pick = (choice: Choice | undefined) => {
    if (!choice) return
    setWritten('')
    setAt(0)
    onPick(choice.target)
  }
  const move = (to: number) => {
    setAt(to)
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' })
  }
  const keys = (event: KeyboardEvent) => {
    const deeds: Readonly<Record<string, () => void>> = {
      ArrowDown: () => move(Math.min(found.length - 1, active + 1)),
      ArrowUp: () => move(Math.max(0, active - 1)),
      Enter: () => pick(found[active]),
    }
    const deed = deeds[event.key]
    if (!deed || event.nativeEvent.isComposing) return
    event.preventDefault()
    deed()
  }
  return (
    <Dialog open={open} onClose={onClose} title={words.edit.pickTitle} shape="wide">
      <div className="flex flex-col gap-2">
        <Field label={words.edit.pickSearch} hiddenLabel>
          {(described) => (
            <Input
              {...described}
              role="combobox"
              aria-expanded
              aria-controls={id}
              aria-activedescendant={active < 0 ? undefined : `${id}-${active}`}
              aria-autocomplete="list"
              placeholder={words.edit.pickSearch}
              value={written}
              onChange={(event) => {
                setWritten(event.target.value)
                setAt(0)
              }}
              onKeyDown={keys}
            />
          )}
        </Field>
        {found.length === 0 && <p className="py-4 text-muted">{words.edit.pickNone}</p>}
        <div ref={list} id={id} role="listbox" aria-label={words.edit.pickTitle} className="max-h-[50dvh] overflow-auto">
          {found.map((choice, index) => (
            <div
              key={choice.key}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              className="flex min-h-8 items-baseline gap-2 rounded-sm px-2 py-1.5 hover:bg-accent-soft aria-selected:bg-accent-soft"
              tabIndex={-1}
              onPointerUp={() => pick(choice)}
            >
              <span className="shrink-0 font-bold">
                <Line text={choice.name} />
              </span>
              <span className="min-w-0 truncate text-muted">
                <Line text={choice.about} />
              </span>
            </div>
          ))}
        </div>
      </div>
    </Dialog>
  )
}
