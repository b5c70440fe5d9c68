import { cutAround } from '../bounds.ts'

/** Only so many lines of a file are compared, to stay quick. */
const maxLines = 50_000
const shownLines = 6
const lineLength = 160

const pairs = (line: string): Map<string, number> => {
  const found = new Map<string, number>()
  for (let at = 0; at + 1 < line.length; at++) {
    const pair = line.slice(at, at + 2)
    found.set(pair, (found.get(pair) ?? 0) + 1)
  }
  return found
}

/** How alike two lines are, 0 to 1: the share of letter pairs they have in common (Sørensen and Dice). */
const likeness = (wanted: Map<string, number>, wantedLength: number, line: string): number => {
  if (line.length * 3 < wantedLength || line.length > wantedLength * 3) return 0
  const left = new Map(wanted)
  let common = 0
  for (let at = 0; at + 1 < line.length; at++) {
    const pair = line.slice(at, at + 2)
    const times = left.get(pair) ?? 0
    if (times === 0) continue
    left.set(pair, times - 1)
    common++
  }
  return (2 * common) / Math.max(1, wantedLength - 1 + line.length - 1)
}

/** A sentence with up to three places of the file that look most like `wanted`, with their line numbers; empty when none does. */
export const nearestPlaces = (text: string, wanted: string): string => {
  const lines = text.split(/\r?\n/, maxLines)
  const wantedLines = wanted.split(/\r?\n/)
  const key = wantedLines
    .map((line, index) => ({ line: line.trim().slice(0, 1000), index }))
    .reduce((best, next) => (next.line.length > best.line.length ? next : best))
  if (key.line.length < 2) return ''
  const keyPairs = pairs(key.line)
  const places = lines
    .map((line, index) => ({ index: Math.max(0, index - key.index), score: likeness(keyPairs, key.line.length, line.trim().slice(0, 1000)) }))
    .filter(({ score }) => score >= 0.5)
    .toSorted((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, 3)
  if (places.length === 0) return ' No place in the file looks like it; read the file again.'
  const excerpts = places.map(({ index }) =>
    lines
      .slice(index, index + Math.min(shownLines, wantedLines.length))
      .map((line, offset) => `${index + offset + 1}: ${cutAround(line, 0, lineLength)}`)
      .join('\n'),
  )
  return ` The nearest places:\n${excerpts.join('\n--\n')}`
}
