import type { Property } from './schema.ts'
import { stem } from './words.ts'

/** Families of input names, and the words that announce such an input in a sentence. */
const FAMILIES: readonly { readonly names: readonly string[]; readonly cues: readonly string[] }[] = [
  {
    names: ['content', 'contents', 'text', 'body', 'message', 'note', 'data', 'description'],
    cues: [
      'text',
      'content',
      'contents',
      'saying',
      'says',
      'say',
      'body',
      'message',
      'with',
      'containing',
      'contains',
      'that',
      ':',
      'words',
      'write',
      'writes',
      'reading',
      'note',
      'todo',
      'task',
      'remember',
    ],
  },
  {
    names: ['subject', 'title', 'summary', 'name', 'label', 'topic'],
    cues: ['subject', 'title', 'titled', 'called', 'named', 'name', 'summary', 'about', 'label', 'topic', ':'],
  },
  { names: ['old', 'search', 'before'], cues: ['replace', 'change', 'substitute', 'find', 'search', 'rename', 'for', 'old', 'swap'] },
  { names: ['new', 'replacement', 'replace', 'after'], cues: ['with', 'by', 'to', 'into', 'new'] },
  {
    names: ['query', 'pattern', 'q', 'term', 'keyword', 'keywords', 'regex', 'search'],
    cues: [
      'for',
      'search',
      'find',
      'about',
      'matching',
      'grep',
      'named',
      'called',
      'pattern',
      'containing',
      'contains',
      'contain',
      'mentioning',
      'mention',
      'mentions',
      'use',
      'uses',
      'used',
      'using',
      'many',
    ],
  },
  { names: ['location', 'city', 'place', 'where', 'room', 'country'], cues: ['in', 'at', 'for', 'near'] },
  { names: ['to', 'recipient', 'recipients', 'contact', 'person', 'channel', 'target', 'destination', 'dest'], cues: ['to', 'into', 'in'] },
  { names: ['from', 'source', 'src', 'origin'], cues: ['from', 'copy', 'move', 'rename'] },
  {
    names: ['limit', 'count', 'max', 'number', 'n', 'amount', 'top'],
    cues: ['last', 'first', 'top', 'latest', 'recent', 'limit', 'newest', 'max', 'most'],
  },
  { names: ['level', 'volume', 'brightness', 'percent', 'temperature', 'value'], cues: ['to', 'at'] },
  { names: ['path', 'file', 'filename'], cues: ['file', 'to', 'in', 'into', 'as', 'of', 'folder'] },
  { names: ['start', 'begin', 'at', 'when', 'time'], cues: ['at', 'on', 'from', 'starting'] },
  { names: ['end', 'until', 'due', 'deadline'], cues: ['until', 'till', 'by', 'due', 'to'] },
]
const CONTENT = new Set(['content', 'contents', 'text', 'body', 'message', 'data'].map(stem))
const PAIRED = FAMILIES.map(({ names, cues }) => ({ names: new Set(names.map(stem)), cues }))

/** The words that announce this input. An input in two families (`old_text`) is announced by its first word's. */
export function cuesOf(property: Property): ReadonlySet<string> {
  for (const word of property.words) {
    const families = PAIRED.filter(({ names }) => names.has(word))
    if (families.length > 0) return new Set(families.flatMap(({ cues }) => cues))
  }
  return new Set()
}
/** True for the input that carries what is written or sent: it is never made up from loose words. */
export const isContent = (property: Property): boolean =>
  property.words.some((word) => CONTENT.has(word)) &&
  !property.words.some((word) => ['old', 'new', 'search', 'find', 'replace'].map(stem).includes(word))
