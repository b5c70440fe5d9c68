import { useState } from 'react'
import { reading as words } from '../text/reading.ts'
import { Button } from './button.tsx'
import { bytes } from './format.ts'
import { pieces, withoutTerminal } from './signs.ts'

/** More than this is shown when it is asked for: a browser lays out no endless line. */
const firstPart = 20_000
export interface PlainProps {
  readonly text: string
  readonly className?: string
}
/**
 * Text that a model, a tool or a file has written. Terminal sequences are taken out; controls, direction marks and signs without width are shown
 * as what they are, and the text's direction ends with it.
 */
export function Plain({ text, className = '' }: PlainProps) {
  const [limit, setLimit] = useState(firstPart)
  const clean = withoutTerminal(text)
  const rest = clean.length - limit
  return (
    <bdi className={`wrap-anywhere whitespace-pre-wrap ${className}`}>
      <Signs text={rest > 0 ? clean.slice(0, limit) : clean} />
      {rest > 0 && (
        <Button size="sm" className="ml-1" onClick={() => setLimit(limit + 10 * firstPart)}>
          {words.showAll(bytes(Math.min(rest, 10 * firstPart)))}
        </Button>
      )}
    </bdi>
  )
}
/** A text free of terminal sequences, its hidden signs made visible. Stands in something that isolates its direction. */
export function Signs({ text }: { readonly text: string }) {
  const parts = pieces(text)
  const [first] = parts
  if (parts.length === 1 && first !== undefined && 'text' in first) return first.text
  return parts.map((piece, index) =>
    'text' in piece ? (
      <bdi key={index}>{piece.text}</bdi>
    ) : (
      <span key={index} title={words.mark(piece.name)} className="rounded-sm bg-warn-soft font-mono text-warn">
        {piece.shown}
      </span>
    ),
  )
}
