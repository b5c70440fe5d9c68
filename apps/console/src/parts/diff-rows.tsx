import { Fragment, memo, useState, type ReactNode } from 'react'
import { reading as words } from '../text/reading.ts'
import { Button } from './button.tsx'
import { CodeLine } from './code-line.tsx'
import { differing, sideBySide, type DiffGap, type DiffLine, type DiffPart } from './diff-model.ts'
import { Plain } from './plain.tsx'

/** Longer lines are cut: who wants to read them looks into the file. */
const longestLine = 5_000
const looks = {
  same: { row: '', mark: '', sign: '', word: '' },
  added: { row: 'bg-good-soft', mark: 'bg-[color-mix(in_oklab,var(--good)_30%,transparent)] text-ink', sign: '+', word: words.added },
  removed: { row: 'bg-bad-soft', mark: 'bg-[color-mix(in_oklab,var(--bad)_30%,transparent)] text-ink', sign: '−', word: words.removed },
} as const
const number = 'w-px px-1.5 text-right align-top text-muted select-none tabular-nums'
const colourOfSign = { same: '', added: 'text-good', removed: 'text-bad' } as const

/** The sign and the text of a line, as two cells. */
const Cells = memo(function Cells({ line, span }: { readonly line: DiffLine | undefined; readonly span?: boolean }) {
  if (line === undefined) return <td colSpan={2} className="bg-ground" />
  const look = looks[line.kind]
  return (
    <>
      <td className={`w-px pr-1 pl-0.5 align-top font-bold select-none ${look.row} ${colourOfSign[line.kind]}`}>
        <span aria-hidden>{look.sign}</span>
        {look.word !== '' && <span className="sr-only">{look.word}</span>}
      </td>
      <td className={`wrap-anywhere pr-3 align-top whitespace-pre-wrap ${span ? '' : 'w-1/2'} ${look.row}`}>
        <bdi>
          {line.text.length > longestLine ? (
            <Plain text={line.text} />
          ) : (
            <CodeLine row={line.text === '' ? [] : [[line.text, undefined]]} marks={differing(line)} markClass={look.mark} />
          )}
        </bdi>
      </td>
    </>
  )
})
const Frame = ({ children }: { readonly children: ReactNode }) => (
  <div className="overflow-x-auto">
    <table className="w-full border-collapse font-mono text-xs/[18px]">
      <tbody>{children}</tbody>
    </table>
  </div>
)
/** Lines that are left out; a press shows them where they are known. */
function Gap({ gap, columns, rows }: { readonly gap: DiffGap; readonly columns: number; readonly rows: (lines: readonly DiffLine[]) => ReactNode }) {
  const [open, setOpen] = useState(false)
  if (open && gap.lines !== undefined) return rows(gap.lines)
  return (
    <tr>
      <td colSpan={columns} className="border-y bg-ground px-2 text-muted">
        {gap.lines === undefined ? (
          <span className="leading-6">⋯ {words.unchanged(gap.count)}</span>
        ) : (
          <Button size="sm" kind="quiet" onClick={() => setOpen(true)}>
            ⋯ {words.unchanged(gap.count)}
          </Button>
        )}
      </td>
    </tr>
  )
}
const UnifiedRow = ({ line }: { readonly line: DiffLine }) => (
  <tr>
    <td className={`${number} ${looks[line.kind].row}`}>{line.before}</td>
    <td className={`${number} ${looks[line.kind].row}`}>{line.after}</td>
    <Cells line={line} span />
  </tr>
)
/** Changes in one column. */
export const UnifiedRows = ({ parts }: { readonly parts: readonly DiffPart[] }) => (
  <Frame>
    {parts.map((part, index) =>
      part.kind === 'gap' ? (
        <Gap key={index} gap={part} columns={4} rows={(lines) => lines.map((line) => <UnifiedRow key={line.after} line={line} />)} />
      ) : (
        <UnifiedRow key={index} line={part} />
      ),
    )}
  </Frame>
)
const SplitRow = ({ before, after }: { readonly before: DiffLine | undefined; readonly after: DiffLine | undefined }) => (
  <tr>
    <td className={`${number} ${before === undefined ? 'bg-ground' : looks[before.kind].row}`}>{before?.before}</td>
    <Cells line={before} />
    <td className={`${number} border-l ${after === undefined ? 'bg-ground' : looks[after.kind].row}`}>{after?.after}</td>
    <Cells line={after} />
  </tr>
)
/** What was beside what is. */
export const SplitRows = ({ parts }: { readonly parts: readonly DiffPart[] }) => (
  <Frame>
    {sideBySide(parts).map((row, index) => (
      <Fragment key={index}>
        {'kind' in row ? (
          <Gap gap={row} columns={6} rows={(lines) => lines.map((line) => <SplitRow key={line.after} before={line} after={line} />)} />
        ) : (
          <SplitRow before={row[0]} after={row[1]} />
        )}
      </Fragment>
    ))}
  </Frame>
)
