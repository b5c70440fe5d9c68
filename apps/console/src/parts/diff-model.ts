import { diffWordsWithSpace, parsePatch, structuredPatch, type StructuredPatch } from 'diff'

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
  /** Its number in the text before and after; from 1. */
  readonly before?: number
  readonly after?: number
  /** The line that it took the place of, or that took its place. */
  readonly pair?: string
}
/** Lines that did not change and are left out; `lines` when they are known. */
export interface DiffGap {
  readonly kind: 'gap'
  readonly count: number
  readonly lines?: readonly DiffLine[]
}
export type DiffPart = DiffLine | DiffGap
export interface FileDiff {
  readonly name: string
  readonly added: number
  readonly removed: number
  readonly parts: readonly DiffPart[]
}
/** Two texts that take longer to compare are not compared. */
const patienceMs = 400
/** Words are compared in lines up to this length. */
const longestPair = 600

/** The files of a unified diff; nothing when the text is none. */
export function readDiff(text: string): readonly FileDiff[] | undefined {
  try {
    const files = parsePatch(text).filter(({ hunks }) => hunks.length > 0)
    return files.length === 0 ? undefined : files.map((file) => fileOf(file))
  } catch {
    return undefined
  }
}
/** What differs between two texts; nothing when they differ too much to say in time. */
export function compare(before: string, after: string, name = ''): FileDiff | undefined {
  const patch = structuredPatch(name, name, before, after, undefined, undefined, { context: 3, timeout: patienceMs })
  return patch && fileOf(patch, after.split('\n'))
}
const bare = (name: string | undefined) => (name === undefined || name === '/dev/null' ? '' : name.replace(/^[ab]\//, ''))

function fileOf({ oldFileName, newFileName, hunks }: StructuredPatch, all?: readonly string[]): FileDiff {
  const parts: DiffPart[] = []
  let before = 1
  let after = 1
  const gap = (count: number) => {
    if (count <= 0) return
    const lines = all
      ?.slice(after - 1, after - 1 + count)
      .map((text, index): DiffLine => ({ kind: 'same', text, before: before + index, after: after + index }))
    parts.push({ kind: 'gap', count, ...(lines === undefined ? {} : { lines }) })
  }
  for (const hunk of hunks) {
    // A hunk without lines on one side names the line before it.
    const start = hunk.newLines === 0 ? hunk.newStart + 1 : hunk.newStart
    gap(start - after)
    before = hunk.oldLines === 0 ? hunk.oldStart + 1 : hunk.oldStart
    after = start
    for (const line of hunk.lines) {
      const text = line.slice(1)
      if (line.startsWith('+')) parts.push({ kind: 'added', text, after: after++ })
      else if (line.startsWith('-')) parts.push({ kind: 'removed', text, before: before++ })
      else if (!line.startsWith('\\')) parts.push({ kind: 'same', text, before: before++, after: after++ })
    }
  }
  if (all !== undefined) gap(all.length - (all.at(-1) === '' ? 1 : 0) - after + 1)
  const count = (kind: DiffPart['kind']) => parts.filter((part) => part.kind === kind).length
  return { name: bare(newFileName) || bare(oldFileName), added: count('added'), removed: count('removed'), parts: paired(parts) }
}
/** Says which line took the place of which: the first removed of a run that of the first added, and so on. */
function paired(parts: readonly DiffPart[]): readonly DiffPart[] {
  const done = [...parts]
  for (let at = 0; at < done.length;) {
    let removed = at
    while (done[removed]?.kind === 'removed') removed++
    let added = removed
    while (done[added]?.kind === 'added') added++
    for (let index = 0; index < Math.min(removed - at, added - removed); index++) {
      const [old, now] = [done[at + index], done[removed + index]]
      if (old?.kind !== 'removed' || now?.kind !== 'added') continue
      done[at + index] = { ...old, pair: now.text }
      done[removed + index] = { ...now, pair: old.text }
    }
    at = Math.max(added, at + 1)
  }
  return done
}
/** Where a line differs from the one in whose place it stands; nothing when hardly a word is the same. */
export function differing({ kind, text, pair }: DiffLine): readonly { readonly start: number; readonly end: number }[] {
  if (pair === undefined || kind === 'same' || text.length > longestPair || pair.length > longestPair) return []
  const changes = kind === 'added' ? diffWordsWithSpace(pair, text) : diffWordsWithSpace(text, pair)
  const marks: { start: number; end: number }[] = []
  let at = 0
  for (const { value, added, removed } of changes) {
    if (kind === 'added' ? removed : added) continue
    if (added || removed) marks.push({ start: at, end: at + value.length })
    at += value.length
  }
  const changed = marks.reduce((length, { start, end }) => length + end - start, 0)
  return changed > text.trim().length * 0.7 ? [] : marks
}
/** Rows of two columns: what stood there, and what stands there now. */
export type DiffRow = readonly [before: DiffLine | undefined, after: DiffLine | undefined] | DiffGap

export function sideBySide(parts: readonly DiffPart[]): readonly DiffRow[] {
  const rows: DiffRow[] = []
  for (let at = 0; at < parts.length;) {
    const part = parts[at]
    if (part === undefined) break
    if (part.kind === 'gap') rows.push(part)
    if (part.kind === 'same') rows.push([part, part])
    if (part.kind === 'gap' || part.kind === 'same') {
      at++
      continue
    }
    const removed: DiffLine[] = []
    const added: DiffLine[] = []
    for (let next = parts[at]; next?.kind === 'removed'; next = parts[++at]) removed.push(next)
    for (let next = parts[at]; next?.kind === 'added'; next = parts[++at]) added.push(next)
    for (let index = 0; index < Math.max(removed.length, added.length); index++) rows.push([removed[index], added[index]])
  }
  return rows
}
