import { WrapText } from 'lucide-react'
import { useMemo, useState } from 'react'
import { reading as words } from '../text/reading.ts'
import { IconButton } from './button.tsx'
import { CodeBar } from './code-bar.tsx'
import { CodeLine } from './code-line.tsx'
import { rowsOf, type Row } from './code-rows.ts'
import { CodeWindow } from './code-window.tsx'
import { CopyButton } from './copy-button.tsx'
import { oneLine, withoutTerminal } from './signs.ts'
import { useHighlight } from './use-highlight.ts'

export interface CodeProps {
  readonly text: string
  /** As people name it after a fence: `ts`, `python`. Nothing is highlighted in others than we know. */
  readonly language?: string | undefined
  /** What it is, beside the language: a path, a command. */
  readonly label?: string | undefined
  /** What has more lines is a window with a search. */
  readonly maxLines?: number
}
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
  const title = label ?? name
  const what = title === undefined ? words.text : oneLine(title)
  const bar = (
    <>
      <IconButton label={words.wrap} size="sm" aria-pressed={wraps} className={wraps ? 'text-accent!' : ''} onClick={() => setWraps(!wraps)}>
        <WrapText aria-hidden size={13} />
      </IconButton>
      <CopyButton text={text} what={what} />
    </>
  )
  if (rows.length > maxLines) return <CodeWindow rows={rows} wraps={wraps} title={what} maxLines={maxLines} bar={bar} />
  return (
    <figure aria-label={what} className="min-w-0 overflow-hidden rounded-sm border bg-panel">
      <CodeBar title={what}>{bar}</CodeBar>
      <pre tabIndex={0} className={`overflow-x-auto px-3 py-2 font-mono text-xs/[18px] ${wraps ? 'wrap-anywhere whitespace-pre-wrap' : ''}`}>
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
