import { WrapText } from 'lucide-react'
import { Suspense, useMemo, useState, type ReactNode } from 'react'
import { late } from './late.ts'
import { reading as words } from '../text/reading.ts'
import { IconButton } from './button.tsx'
import { CodeBar } from './code-bar.tsx'
import { CodeLine } from './code-line.tsx'
import { rowsOf, type Row } from './code-rows.ts'
import { CopyButton } from './copy-button.tsx'
import { oneLine, withoutTerminal } from './signs.ts'
import { useHighlight } from './use-highlight.ts'

const CodeWindow = late(async () => (await import('./code-window.tsx')).CodeWindow)

export interface CodeProps {
  readonly text: string
  /** As people name it after a fence: `ts`, `python`. Nothing is highlighted in others than we know. */
  readonly language?: string | undefined
  /** What it is, beside the language: a path, a command. */
  readonly label?: string | undefined
  /** What has more lines is a window with a search. */
  readonly maxLines?: number
}
const lineHeight = 18

/** Code, or an output of many lines: highlighted, copied with one press. Long text is a window that can be searched. */
export function Code({ text, language, label, maxLines = 24 }: CodeProps) {
  const clean = useMemo(() => withoutTerminal(text).replace(/\n$/, ''), [text])
  const name = language?.toLowerCase().split(/[\s,{]/)[0]
  const highlighted = useHighlight(clean, name)
  const rows = useMemo(
    () => rowsOf(highlighted ?? clean.split('\n').map((line): Row => (line === '' ? [] : [[line, undefined]]))),
    [highlighted, clean],
  )
  const [wraps, setWraps] = useState(name === undefined)
  const given = label ?? name
  const what = given === undefined ? words.text : oneLine(given)
  const bar = (
    <>
      <IconButton label={words.wrap} size="sm" aria-pressed={wraps} className={wraps ? 'text-accent!' : ''} onClick={() => setWraps(!wraps)}>
        <WrapText aria-hidden size={13} />
      </IconButton>
      <CopyButton text={text} what={what} />
    </>
  )
  const isLong = rows.length > maxLines
  const title = isLong ? `${what} · ${words.lines(rows.length)}` : what
  // As high as the window that comes in its place.
  const plain = (
    <Whole rows={rows.slice(0, maxLines)} wraps={wraps} name={what} title={title} bar={bar} maxHeight={isLong ? maxLines * lineHeight : undefined} />
  )
  if (!isLong) return plain
  return (
    <Suspense fallback={plain}>
      <CodeWindow rows={rows} wraps={wraps} name={what} title={title} maxHeight={maxLines * lineHeight} bar={bar} />
    </Suspense>
  )
}
interface WholeProps {
  readonly rows: readonly Row[]
  readonly wraps: boolean
  readonly name: string
  readonly title: string
  readonly bar: ReactNode
  readonly maxHeight: number | undefined
}
/** All rows, one below the other. */
function Whole({ rows, wraps, name, title, bar, maxHeight }: WholeProps) {
  return (
    <figure aria-label={name} className="min-w-0 overflow-hidden rounded-sm border bg-panel">
      <CodeBar title={title}>{bar}</CodeBar>
      <pre
        tabIndex={0}
        style={{ maxHeight }}
        className={`overflow-x-auto px-3 py-2 font-mono text-xs/[18px] ${wraps ? 'wrap-anywhere whitespace-pre-wrap' : ''}`}
      >
        <code>
          {rows.map((row, index) => (
            <bdi key={index} className="block min-h-[18px]">
              <CodeLine row={row} />
            </bdi>
          ))}
        </code>
      </pre>
    </figure>
  )
}
