import { useMemo, useState } from 'react'
import { Block } from './markdown-block.tsx'
import { createSplitter, definitionsIn } from './markdown-blocks.ts'
import { withoutTerminal } from './signs.ts'

export interface MarkdownProps {
  readonly text: string
  /** It is still being written: what is open at its end is closed for the eye. */
  readonly streaming?: boolean
}
/**
 * Markdown that a model, a tool or a person has written, as elements of our own: HTML in it is shown, never read; nothing is loaded from elsewhere;
 * links lead to http, https and mailto only. While it grows, only its last block is read and drawn again.
 */
export function Markdown({ text, streaming = false }: MarkdownProps) {
  const [split] = useState(createSplitter)
  const blocks = useMemo(() => split(withoutTerminal(text)), [split, text])
  // What is being written defines nothing yet: each letter of it would draw everything again.
  const definitions = useMemo(() => definitionsIn(streaming ? blocks.slice(0, -1) : blocks), [blocks, streaming])
  return (
    <div className="flex max-w-[72ch] min-w-0 flex-col gap-3 text-md">
      {blocks.map((block, index) => (
        <Block key={index} source={block} definitions={definitions} open={streaming && index === blocks.length - 1} />
      ))}
    </div>
  )
}
