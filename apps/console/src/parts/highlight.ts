import { common, createLowlight } from 'lowlight'

/** A stretch of code and what it is: `keyword`, `string`, … as highlight.js names it, or nothing of interest. */
export type Span = readonly [text: string, kind: string | undefined]
const lowlight = createLowlight(common)
lowlight.registerAlias({
  json: ['jsonc', 'json5'],
  xml: ['vue', 'svelte', 'astro'],
  bash: ['dockerfile', 'fish'],
  ini: ['env', 'conf', 'properties'],
})

interface Node {
  readonly type: string
  readonly value?: string
  readonly properties?: { readonly className?: unknown }
  readonly children?: readonly Node[]
}
const kindOf = ({ properties }: Node): string | undefined => {
  const names = properties?.className
  const [first] = Array.isArray(names) ? (names as readonly unknown[]) : []
  return typeof first === 'string' ? first.replace(/^hljs-/, '') : undefined
}
/** The lines of a code, each in stretches of one kind; nothing when the language is not known. */
export function highlightLines(code: string, language: string): readonly (readonly Span[])[] | undefined {
  if (!lowlight.registered(language)) return undefined
  const lines: Span[][] = [[]]
  const walk = (node: Node, kind: string | undefined): void => {
    if (node.type === 'text') {
      for (const [index, part] of (node.value ?? '').split('\n').entries()) {
        if (index > 0) lines.push([])
        if (part !== '') lines.at(-1)?.push([part, kind])
      }
    } else for (const child of node.children ?? []) walk(child, kindOf(node) ?? kind)
  }
  walk(lowlight.highlight(language, code) as Node, undefined)
  return lines
}
