import type { Clause } from './clauses.ts'
import { isEnding } from './fill.ts'
import { tokenise } from './slots.ts'
import type { Wanted } from './types.ts'

const FILLER = /^(?:(?:the|a|an|value|of|its|field|key|property|entry|setting|current|called)\s+)+/i
const DATA = /\.(?:json5?|jsonc|ya?ml|toml|ini|conf|cfg|env|properties|lock)$/i
type Reading = readonly [RegExp, (match: RegExpExecArray, path: string) => Wanted | null]
/** Ways to ask about one file, named FILE here. First that fits counts. */
const READINGS: readonly Reading[] = [
  [/^how (?:many (lines|words|characters)|(long))\b.*FILE/i, (match, path) => ({ kind: 'count', unit: unitOf(match[1]), path })],
  [
    /^(?:count|number of) (?:the )?(?:number of )?(lines|words|characters) .*FILE/i,
    (match, path) => ({ kind: 'count', unit: unitOf(match[1]), path }),
  ],
  [/\b(?:title|heading) (?:of|in) (?:the )?(?:file )?FILE$/i, (_, path) => ({ kind: 'title', path })],
  [/\b(?:headings|sections|outline|chapters) (?:\w+ )?(?:of|in|does) (?:the )?(?:file )?FILE/i, (_, path) => ({ kind: 'headings', path })],
  [
    /\b(first|last|top) (?:(\d+) )?lines? of (?:the )?(?:file )?FILE$/i,
    (match, path) => ({
      kind: 'lines',
      part: /^last$/i.test(match[1] ?? '') ? { last: Number(match[2] ?? 10) } : { first: Number(match[2] ?? 10) },
      path,
    }),
  ],
  [
    /\blines? (\d+)(?: ?(?:to|-|until|through|and) ?(\d+))? (?:of|in|from) (?:the )?(?:file )?FILE$/i,
    (match, path) => ({ kind: 'lines', part: { from: Number(match[1]), to: Number(match[2] ?? match[1]) }, path }),
  ],
  [
    /^(?:show|print|display|read|give|get)(?: me)? .*\b(?:lines?|contents?|text|start|end) (?:of|in|from) (?:the )?(?:file )?FILE$/i,
    (_, path) => ({ kind: 'show', path }),
  ],
  [/^(?:does|do) FILE (?:contain|mention|have|include|define) (.+)$/i, (match, path) => contains(match[1], path)],
  [/^is (?:there )?(.+?) (?:mentioned |defined |listed )?in FILE$/i, (match, path) => contains(match[1], path)],
  [/^(?:what|which) (.+?) (?:does|is|do) FILE (?:use|need|have|declare|depend on|require|set|list)s?$/i, (match, path) => key(match[1], path)],
  [/^(?:what|tell me what) (?:does|do)? ?FILE (?:say|says|contain|contains)$/i, (_, path) => ({ kind: 'show', path })],
  [/^(?:what|tell me what)(?: is|'s|s)?(?: there)? (?:written )?in (?:the )?(?:file )?FILE$/i, (_, path) => ({ kind: 'show', path })],
  [
    /^(?:what|which|tell me|give me|show me|find|get|read|show|look up)(?: what)?(?: is|'s| are|s)? (?:me )?(.+?) (?:is )?(?:in|from|set in|according to) (?:the )?(?:file )?FILE$/i,
    (match, path) => key(match[1], path),
  ],
  [/^(?:what|which|tell me)(?: is|'s| are|s)? (.+?) of (?:the )?(?:file )?FILE$/i, (match, path) => (DATA.test(path) ? key(match[1], path) : null)],
]
const unitOf = (unit: string | undefined): 'lines' | 'words' | 'characters' => (unit === 'words' || unit === 'characters' ? unit : 'lines')
const contains = (text: string | undefined, path: string): Wanted | null => {
  const wanted = unquote((text ?? '').replace(/^(?:a|an|the|any)\s+/i, ''))
  return wanted ? { kind: 'contains', text: wanted, path } : null
}
function key(text: string | undefined, path: string): Wanted | null {
  const wanted = unquote((text ?? '').replace(FILLER, ''))
  if (!wanted || /^(?:contents?|text|everything|all|it|lines?|file|first|last)\b/i.test(wanted) || wanted.split(/\s+/).length > 5) return null
  return { kind: 'key', key: wanted, path }
}
const unquote = (text: string): string => text.trim().replace(/^["'`“](.*)["'`”]$/, '$1')

/** What the person wants to know of the one file that this clause names; null when the clause is no question about a file. */
export function wantedOf(clause: Clause): Wanted | null {
  const token = clause.tokens.findLast((one) => one.slot?.kind === 'path')
  if (!token?.slot || isEnding(token, clause.tokens)) return null
  const line = clause.tokens.map((one) => (one === token ? 'FILE' : one.text)).join(' ')
  for (const [form, read] of READINGS) {
    const match = form.exec(line)
    const wanted = match && read(match, token.slot.value)
    if (wanted) return wanted
  }
  return null
}
/** The same for a clause that says "it" of the file named before, or names no file at all ("… and tell me the version"). */
export function wantedOfNamed(clause: Clause, path: string): Wanted | null {
  if (clause.tokens.some((token) => token.slot)) return null
  const words = clause.tokens
    .map((token) => token.text)
    .join(' ')
    .replace(/\s+(?:it has|(?:there )?are in it|in it|of it|it contains|does it have)$/i, '')
    .replace(/^tell me (?=how many)/i, '')
  const at = words.length + 4
  const wanted = wantedOf({
    ...clause,
    tokens: [
      ...tokenise(`${words} in `),
      { text: path, lower: path, stem: '', start: at, end: at + path.length, slot: { kind: 'path', value: path } },
    ],
  })
  return wanted && wanted.kind !== 'show' ? wanted : null
}
/** A clause that asks for a file's text, with which the tool that reads it is found. */
export function readingClause(clause: Clause, path: string): Clause {
  const text = `read the file ${path.includes(' ') ? `'${path}'` : path}`
  return { ...clause, text, tokens: tokenise(text), question: false }
}
