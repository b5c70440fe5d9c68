import { count } from '../bounds.ts'
import { lineEndingOf, withLineEnding } from '../text-file.ts'
import { ToolError } from '../tool.ts'
import { nearestPlaces } from './near.ts'

/** One exact replacement. */
export interface Edit {
  readonly oldText: string
  readonly newText: string
  readonly replaceAll?: boolean | undefined
}
interface Span {
  readonly start: number
  readonly end: number
}

const occurrences = (text: string, wanted: string): Span[] => {
  const found: Span[] = []
  for (let start = text.indexOf(wanted); start !== -1; start = text.indexOf(wanted, start + wanted.length))
    found.push({ start, end: start + wanted.length })
  return found
}

/** Finds `wanted` where `\r\n` and `\n` count as the same; the spans are places in `text` itself. */
const looseOccurrences = (text: string, wanted: string): Span[] => {
  if (!text.includes('\r\n') && !wanted.includes('\r\n')) return []
  /** Where, in the plain text, a `\n` lost its `\r`; ascending. */
  const lost: number[] = []
  const plain = text.replaceAll('\r\n', (_match, at: number) => {
    lost.push(at - lost.length)
    return '\n'
  })
  let passed = 0
  const inText = (offset: number): number => {
    while (passed < lost.length && (lost[passed] ?? 0) < offset) passed++
    return offset + passed
  }
  return occurrences(plain, wanted.replaceAll('\r\n', '\n')).map(({ start, end }) => ({ start: inText(start), end: inText(end) }))
}

/** Where the text occurs: exactly, or else with the other line endings. */
export const find = (text: string, wanted: string): Span[] => {
  const exact = occurrences(text, wanted)
  return exact.length > 0 ? exact : looseOccurrences(text, wanted)
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

/**
 * Replaces `oldText` in `text`. It must occur exactly once, or at least once with `replaceAll`. New lines get the line endings of the file.
 * Throws ToolError: for an empty or equal text, for a miss (with up to three near places), for an ambiguous one (with its lines).
 * `label` names the file, and the edit where there are several.
 */
export const applyEdit = (text: string, edit: Edit, label: string): { text: string; replaced: number } => {
  if (edit.oldText === '')
    throw new ToolError('invalid', `${label}: oldText is empty. Give the exact text to replace; to make or fill a file, write it.`)
  if (edit.oldText === edit.newText) throw new ToolError('invalid', `${label}: oldText and newText are equal, so nothing would change.`)
  const spans = find(text, edit.oldText)
  if (spans.length === 0)
    throw new ToolError('not_found', `${label}: oldText was not found; nothing was changed.${nearestPlaces(text, edit.oldText)}`)
  if (spans.length > 1 && edit.replaceAll !== true) {
    const lines = spans.slice(0, 5).map(({ start }) => lineAt(text, start))
    const more = spans.length > lines.length ? ', …' : ''
    throw new ToolError(
      'invalid',
      `${label}: oldText occurs ${count(spans.length)} times (lines ${lines.join(', ')}${more}); nothing was changed. Add lines around it to make it unique, or set replaceAll.`,
    )
  }
  const newText = withLineEnding(edit.newText, lineEndingOf(text))
  let [result, from] = ['', 0]
  for (const { start, end } of spans) {
    result += text.slice(from, start) + newText
    from = end
  }
  return { text: result + text.slice(from), replaced: spans.length }
}

/** Applies edits one after another, each to what the one before made; throws for the first that does not fit, so that all or none count. */
export const applyEdits = (text: string, edits: readonly Edit[], path: string): { text: string; replaced: number } => {
  let result = { text, replaced: 0 }
  for (const [index, edit] of edits.entries()) {
    const next = applyEdit(result.text, edit, edits.length === 1 ? path : `${path}, edit ${index + 1} of ${edits.length}`)
    result = { text: next.text, replaced: result.replaced + next.replaced }
  }
  return result
}
