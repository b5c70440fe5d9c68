import { ChevronDown, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { reading as words } from '../text/reading.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import { Plain } from './plain.tsx'

/** So many entries of a list or an object are shown at once. */
const pageOfEntries = 100
/** What is deeper, or holds more than this many entries, is folded at first. */
const openDepth = 2
const openEntries = 30

/** A JSON value as a tree whose branches fold, with a button that copies it. */
export function Json({ value }: { readonly value: unknown }) {
  return (
    <div className="group relative rounded-sm border bg-panel py-1.5 pr-20 pl-2 font-mono text-xs">
      <div className="absolute top-0.5 right-0.5">
        <CopyButton text={JSON.stringify(value, null, 2) ?? 'null'} what={words.json} />
      </div>
      <Node value={value} depth={0} />
    </div>
  )
}
const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null
const colours: Readonly<Record<string, string>> = { string: 'text-good', number: 'text-accent', boolean: 'text-warn' }

function Node({ name, value, depth }: { readonly name?: string; readonly value: unknown; readonly depth: number }) {
  if (isBranch(value)) return <Branch {...(name === undefined ? {} : { name })} value={value} depth={depth} />
  return (
    <div className="flex gap-1 pl-4">
      {name !== undefined && <Name name={name} />}
      <span className={`min-w-0 ${colours[typeof value] ?? 'text-muted'}`}>
        {typeof value === 'string' ? <Plain text={JSON.stringify(value)} /> : String(value)}
      </span>
    </div>
  )
}
const Name = ({ name }: { readonly name: string }) => (
  <span className="shrink-0 text-muted">
    <Plain text={name} />:
  </span>
)
function Branch({ name, value, depth }: { readonly name?: string; readonly value: object; readonly depth: number }) {
  const entries = Object.entries(value)
  const [open, setOpen] = useState(depth < openDepth && entries.length <= openEntries)
  const [shown, setShown] = useState(pageOfEntries)
  const Chevron = open ? ChevronDown : ChevronRight
  const brackets = Array.isArray(value) ? '[ ]' : '{ }'
  if (entries.length === 0) return <Leaf name={name} text={brackets.replace(' ', '')} />
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-6 items-center gap-1 rounded-sm text-left hover:bg-accent-soft"
      >
        <Chevron aria-hidden size={12} className="shrink-0 text-muted" />
        {name !== undefined && <Name name={name} />}
        <span className="text-muted">
          {brackets} {words.entries(entries.length)}
        </span>
      </button>
      {open && (
        <div className="ml-1.5 border-l pl-1.5">
          {entries.slice(0, shown).map(([key, entry]) => (
            <Node key={key} name={key} value={entry} depth={depth + 1} />
          ))}
          {entries.length > shown && (
            <Button size="sm" kind="quiet" onClick={() => setShown(shown + 10 * pageOfEntries)}>
              {words.showAll(words.entries(Math.min(entries.length - shown, 10 * pageOfEntries)))}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
const Leaf = ({ name, text }: { readonly name: string | undefined; readonly text: string }) => (
  <div className="flex gap-1 pl-4 text-muted">
    {name !== undefined && <Name name={name} />}
    {text}
  </div>
)
