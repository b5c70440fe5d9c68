import { stem } from './words.ts'

export type SlotKind = 'quoted' | 'code' | 'url' | 'host' | 'email' | 'path' | 'glob' | 'number' | 'duration' | 'date' | 'month' | 'channel' | 'tag'
/** A stretch of the request whose form says what it is. `value` is the literal without quotes. */
export interface Slot {
  readonly kind: SlotKind
  readonly value: string
}
/** One word of a clause, or one slot. `start` and `end` point into the clause's text. */
export interface Token {
  readonly text: string
  readonly lower: string
  readonly stem: string
  readonly start: number
  readonly end: number
  readonly slot?: Slot
}
const CLOCK = String.raw`(?:\s+(?:at\s+)?(?:\d{1,2}:\d{2}(?:\s?[ap]m)?|\d{1,2}\s?[ap]m))?`
const DAY = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday'
/** The forms, in the order in which they claim text. The first group that matched is the value. */
const FORMS: readonly (readonly [SlotKind, string])[] = [
  ['code', '```(?:[a-z]*\\n)?([\\s\\S]+?)\\n?```|`([^`\\n]+)`'],
  ['quoted', String.raw`"([^"]*)"|“([^”]*)”|«([^»]*)»|‘([^’]*)’|(?<![\p{L}\p{N}])'((?:[^']|(?<=\p{L})'(?=\p{L}))*)'(?!\p{L})`],
  ['url', String.raw`((?:https?|ftp|file|wss?):\/\/[^\s<>"'\x60]*[^\s<>"'\x60.,;:!?)\]])|(?<!\S)([a-z][a-z0-9+-]+(?::[\w-]+){2,})`],
  ['email', String.raw`([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)`],
  ['tag', String.raw`(?<!\S)@([a-z][\w-]*)(?![\w.-]*[/@])`],
  [
    'date',
    String.raw`\b(\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)?${CLOCK})(?![\w-])|\b((?:today|tonight|tomorrow|yesterday|(?:next |on |this )?(?:${DAY}))${CLOCK})\b|\b(\d{1,2}:\d{2}(?:\s?[ap]m)?)\b|\b(\d{1,2}\s?[ap]m)\b`,
  ],
  ['month', String.raw`(?<![\w-])(\d{4}-(?:0[1-9]|1[0-2]))(?![\w-])`],
  ['number', String.raw`(?<!\S)#(\d+)\b`],
  ['channel', String.raw`(?<!\S)(#[\p{L}\p{N}][\p{L}\p{N}_-]*)`],
  [
    'duration',
    String.raw`\b((?:half an?|an?|one) (?:hour|minute|day|week)|half hour|(?:two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty|forty|fifty|sixty) (?:seconds|minutes|hours|days|weeks))\b`,
  ],
  ['duration', String.raw`\b(\d+(?:\.\d+)?[\s-]?(?:milliseconds?|ms|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?))\b`],
  ['glob', String.raw`(?<!\S)((?=\S*[*?]\S)[\w./*?{},[\]!-]*\*[\w./*?{},[\]!-]*)`],
  [
    'path',
    String.raw`(?<![^\s(])((?:\.{1,2}|~)?\/(?:[\w.@+-]+\/?)*[\w@+-]|(?:[\w.@+-]+\/)+(?:[\w.@+-]*[\w@+-])?|\.[a-z][\w.-]*\w|\.{1,2}(?=\s|$))(?![\w/])`,
  ],
  ['host', String.raw`(?<!\S)((?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|edu|gov|info|co|eu|de|uk|ai)(?:\/[^\s,;]*)?)(?![\w.]*\w)`],
  [
    'path',
    String.raw`(?<![\w/.])([\w@+-][\w.@+-]{0,254}\.(?=[a-z0-9]*[a-z])[a-z0-9]{1,10}|README|LICENSE|CHANGELOG|Dockerfile|Makefile|CONTRIBUTING|SECURITY|ARCHITECTURE)(?![\w/])`,
  ],
  ['number', String.raw`(?<![\w.])([-+]?\d+(?:\.\d+)?)(?![\w]|\.\d)`],
]
const PATTERN = new RegExp(FORMS.map(([, form]) => `(?:${form})`).join('|'), 'giu')
/** Group number to kind, counted once from the forms. */
const KINDS: SlotKind[] = FORMS.flatMap(([kind, form]) => {
  const groups = (new RegExp(`${form}|`, 'u').exec('')?.length ?? 1) - 1
  return Array.from({ length: groups }, () => kind)
})
const WORD = /[\p{L}\p{N}]+(?:['’\-_.][\p{L}\p{N}]+)*|[:;,.!?]/gu
/** Words that look like a file's name by their dot and are none. */
const ABBREVIATION = /^(?:e\.g|i\.e|etc\.\w|node\.js|vue\.js|next\.js|[ap]\.m)$/i

/** Cuts a text into words, punctuation and slots, left to right; every character is in at most one token. Time is linear in the text. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = []
  const words = (from: number, to: number): void => {
    for (const match of text.slice(from, to).matchAll(WORD)) {
      const lower = match[0]
        .toLowerCase()
        .replace('’', "'")
        .replace(/^to-do/, 'todo')
      tokens.push({ text: match[0], lower, stem: stem(lower), start: from + match.index, end: from + match.index + match[0].length })
    }
  }
  let at = 0
  for (const match of text.matchAll(PATTERN)) {
    const group = match.findIndex((value, index) => index > 0 && value !== undefined)
    const kind = KINDS[group - 1]
    const value = match[group]
    if (kind === undefined || value === undefined || (kind === 'path' && ABBREVIATION.test(value))) continue
    words(at, match.index)
    at = match.index + match[0].length
    tokens.push({ text: match[0], lower: match[0].toLowerCase(), stem: '', start: match.index, end: at, slot: { kind, value } })
  }
  words(at, text.length)
  return tokens
}
