import { Square, SquareCheck } from 'lucide-react'
import type { MarkedToken, Token, Tokens } from 'marked'
import { memo, type ReactNode } from 'react'
import { reading as words } from '../text/reading.ts'
import { Code } from './code.tsx'
import { readBlock } from './markdown-blocks.ts'
import { Inline } from './markdown-inline.tsx'
import { mend } from './markdown-mend.ts'
import { Plain } from './plain.tsx'

/** What nests deeper, or is longer without being code, is shown as it is written. */
const deepest = 12
const longest = 100_000
export interface BlockProps {
  readonly source: string
  readonly definitions: string
  /** It is still being written. */
  readonly open: boolean
}
/** One block of a Markdown text. */
export const Block = memo(function Block({ source, definitions, open }: BlockProps) {
  try {
    const tokens = readBlock(open ? mend(source) : source, definitions)
    if (source.length > longest && tokens.some(({ type }) => type !== 'code' && type !== 'space')) return <Plain text={source} className="block" />
    return <Flow tokens={tokens} depth={0} />
  } catch {
    // The reader gives up on what nests thousands deep.
    return <Plain text={source} className="block" />
  }
})
const Flow = ({ tokens, depth }: { readonly tokens: readonly Token[]; readonly depth: number }) =>
  tokens.map((token, index) => <One key={index} token={token as MarkedToken} depth={depth} />)

const headings = ['text-lg', 'text-[17px]', 'text-md', 'text-md', 'text-md', 'text-md'] as const

function One({ token, depth }: { readonly token: MarkedToken; readonly depth: number }): ReactNode {
  if (depth > deepest) return <Plain text={token.raw} />
  switch (token.type) {
    case 'space':
    case 'def':
      return null
    case 'paragraph':
      return (
        <p dir="auto" className="wrap-anywhere">
          <Inline tokens={token.tokens} />
        </p>
      )
    case 'text':
      return <Inline tokens={token.tokens ?? [token]} />
    case 'heading': {
      // The page has its own first two levels.
      const Heading = (['h3', 'h4', 'h5', 'h6'] as const)[Math.min(token.depth, 4) - 1] ?? 'h6'
      return (
        <Heading dir="auto" className={`wrap-anywhere font-bold ${headings[token.depth - 1]}`}>
          <Inline tokens={token.tokens} />
        </Heading>
      )
    }
    case 'code':
      return <Code text={token.text} language={token.lang === '' ? undefined : token.lang} />
    case 'blockquote':
      return (
        <blockquote className="flex flex-col gap-2 border-l-2 pl-3 text-muted">
          <Flow tokens={token.tokens} depth={depth + 1} />
        </blockquote>
      )
    case 'list':
      return <List token={token} depth={depth} />
    case 'table':
      return <Table token={token} />
    case 'hr':
      return <hr className="my-1" />
    case 'html':
      return <Plain text={token.raw.trimEnd()} className="block" />
    default:
      return <Inline tokens={[token]} />
  }
}
function List({ token, depth }: { readonly token: Tokens.List; readonly depth: number }) {
  const Kind = token.ordered ? 'ol' : 'ul'
  const isTasks = token.items.some(({ task }) => task)
  const shape = isTasks ? '' : `pl-5 ${token.ordered ? 'list-decimal' : 'list-disc'}`
  return (
    <Kind
      {...(token.ordered && token.start !== '' ? { start: token.start } : {})}
      className={`flex flex-col ${token.loose ? 'gap-2' : 'gap-0.5'} ${shape}`}
    >
      {token.items.map((item, index) => (
        <li key={index} dir="auto" className={`wrap-anywhere ${item.task ? 'flex items-start gap-2' : ''}`}>
          {item.task && <Tick done={item.checked === true} />}
          <div className="flex min-w-0 flex-col gap-1">
            <Item tokens={item.tokens} depth={depth + 1} />
          </div>
        </li>
      ))}
    </Kind>
  )
}
const Tick = ({ done }: { readonly done: boolean }) => (
  <>
    {done ? (
      <SquareCheck aria-hidden size={15} className="mt-1 shrink-0 text-good" />
    ) : (
      <Square aria-hidden size={15} className="mt-1 shrink-0 text-muted" />
    )}
    <span className="sr-only">{done ? words.task.done : words.task.open}: </span>
  </>
)
/** A tight item holds its words without a paragraph around them. */
const Item = ({ tokens, depth }: { readonly tokens: readonly Token[]; readonly depth: number }) =>
  tokens
    .filter(({ type }) => type !== 'checkbox')
    .map((token, index) =>
      token.type === 'text' ? (
        <span key={index}>
          <One token={token as MarkedToken} depth={depth} />
        </span>
      ) : (
        <One key={index} token={token as MarkedToken} depth={depth} />
      ),
    )

const aligned = { left: 'text-left', right: 'text-right', center: 'text-center' } as const
const Table = ({ token }: { readonly token: Tokens.Table }) => (
  <div role="region" aria-label={words.table} tabIndex={0} className="max-w-full overflow-x-auto">
    <table className="border-collapse text-sm">
      <thead>
        <tr>
          {token.header.map((cell, index) => (
            <th key={index} scope="col" dir="auto" className={`border-b border-line-strong px-2 py-1 font-bold ${aligned[cell.align ?? 'left']}`}>
              <Inline tokens={cell.tokens} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {token.rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={column} dir="auto" className={`border-b px-2 py-1 align-top ${aligned[cell.align ?? 'left']}`}>
                <Inline tokens={cell.tokens} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)
