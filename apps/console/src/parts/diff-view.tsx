import { useMemo, useState } from 'react'
import { reading as words } from '../text/reading.ts'
import { Button } from './button.tsx'
import { Code } from './code.tsx'
import { CopyButton } from './copy-button.tsx'
import type { DiffProps } from './diff-props.ts'
import { compare, readDiff, type FileDiff } from './diff-model.ts'
import { SplitRows, UnifiedRows } from './diff-rows.tsx'
import { Plain } from './plain.tsx'
import { oneLine } from './signs.ts'
import { chooseDiffView, useDiffView, type DiffView as View } from './use-diff-view.ts'

/** Changes, as `Diff` shows them. */
export function DiffView(props: DiffProps) {
  const text = 'text' in props ? props.text : undefined
  const [before, after, name] = 'text' in props ? [] : [props.before, props.after, props.name]
  const files = useMemo(() => {
    if (text !== undefined) return readDiff(text)
    const file = compare(before ?? '', after ?? '', name)
    return file && [file]
  }, [text, before, after, name])
  if (files !== undefined)
    return (
      <div className="flex min-w-0 flex-col gap-2">
        {files.map((file, index) => (
          <File key={index} file={file} source={text ?? after ?? ''} />
        ))}
      </div>
    )
  if (text !== undefined) return <Code text={text} language="diff" />
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <p className="text-muted">{words.tooDifferent}</p>
      <Code text={before ?? ''} label={words.before} />
      <Code text={after ?? ''} label={words.after} />
    </div>
  )
}
/** So many lines are on the page at first. */
const firstLines = 400

function File({ file, source }: { readonly file: FileDiff; readonly source: string }) {
  const { view, hasRoom } = useDiffView()
  const [limit, setLimit] = useState(firstLines)
  const rest = file.parts.length - limit
  const parts = rest > 0 ? file.parts.slice(0, limit) : file.parts
  const what = oneLine(file.name) || words.changes
  return (
    <figure aria-label={what} className="min-w-0 overflow-hidden rounded-sm border bg-panel">
      <figcaption className="flex min-h-8 flex-wrap items-center gap-x-3 border-b py-0.5 pr-1 pl-3 text-xs">
        <span className="min-w-0 flex-1 truncate font-mono" title={what}>
          {file.name === '' ? words.changes : <Plain text={file.name} />}
        </span>
        <Counts added={file.added} removed={file.removed} />
        {hasRoom && <ViewChoice view={view} />}
        <CopyButton text={source} what={what} />
      </figcaption>
      {file.parts.length === 0 ? (
        <p className="px-3 py-2 text-muted">{words.noChanges}</p>
      ) : view === 'split' ? (
        <SplitRows parts={parts} />
      ) : (
        <UnifiedRows parts={parts} />
      )}
      {rest > 0 && (
        <div className="border-t p-1">
          <Button size="sm" kind="quiet" onClick={() => setLimit(limit + 5 * firstLines)}>
            {words.showAll(words.lines(Math.min(rest, 5 * firstLines)))}
          </Button>
        </div>
      )}
    </figure>
  )
}
/** How many lines came and went. */
const Counts = ({ added, removed }: { readonly added: number; readonly removed: number }) => (
  <span className="whitespace-nowrap text-xs">
    <span className="text-good">+{added}</span> <span className="text-bad">−{removed}</span>
  </span>
)
const views: readonly (readonly [View, string])[] = [
  ['unified', words.unified],
  ['split', words.sideBySide],
]
const ViewChoice = ({ view }: { readonly view: View }) => (
  <div role="group" aria-label={words.view} className="flex gap-0.5">
    {views.map(([value, label]) => (
      <Button
        key={value}
        size="sm"
        kind="quiet"
        aria-pressed={view === value}
        className={view === value ? 'bg-accent-soft font-bold' : ''}
        onClick={() => chooseDiffView(value)}
      >
        {label}
      </Button>
    ))}
  </div>
)
