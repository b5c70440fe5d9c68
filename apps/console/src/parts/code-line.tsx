import { memo } from 'react'
import { cutAt, type Match, type Row } from './code-rows.ts'
import { Signs } from './plain.tsx'

const colours: Readonly<Record<string, string>> = {
  keyword: 'text-accent',
  built_in: 'text-accent',
  type: 'text-accent',
  tag: 'text-accent',
  name: 'text-accent',
  'selector-tag': 'text-accent',
  meta: 'text-accent',
  string: 'text-good',
  regexp: 'text-good',
  addition: 'text-good',
  'template-variable': 'text-good',
  link: 'text-good',
  number: 'text-warn',
  literal: 'text-warn',
  symbol: 'text-warn',
  variable: 'text-warn',
  bullet: 'text-warn',
  deletion: 'text-bad',
  comment: 'text-muted italic',
  quote: 'text-muted italic',
  doctag: 'text-muted italic',
  title: 'font-bold',
  section: 'font-bold',
  strong: 'font-bold',
  emphasis: 'italic',
}
export interface CodeLineProps {
  readonly row: Row
  /** What is marked in it, in order. */
  readonly marks?: readonly Pick<Match, 'start' | 'end'>[]
  /** Which of the marks one stands at. */
  readonly current?: number | undefined
  /** How a mark looks. */
  readonly markClass?: string
}
const none: readonly Match[] = []
/** One row of a code, in colours. */
export const CodeLine = memo(function CodeLine({ row, marks = none, current, markClass = 'bg-warn-soft text-ink' }: CodeLineProps) {
  if (row.length === 0) return '\u200b'
  return cutAt(row, marks).map(({ span: [text, kind], mark }, index) =>
    mark === undefined ? (
      <span key={index} className={kind === undefined ? undefined : colours[kind]}>
        <Signs text={text} />
      </span>
    ) : (
      <mark key={index} className={`rounded-[2px] ${markClass} ${mark === current ? 'outline-2 outline-accent' : ''}`}>
        <Signs text={text} />
      </mark>
    ),
  )
})
