import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { chunk, pieceLength, pieceOverlap } from './chunk.ts'

/** The text that the pieces cover; throws where there is a gap. */
const joined = (text: string): string => {
  let whole = ''
  for (const { at, text: piece } of chunk(text)) {
    expect(at).toBeLessThanOrEqual(whole.length)
    whole = whole.slice(0, at) + piece
  }
  return whole
}
const sentences = fc.array(fc.constantFrom('One word. ', 'Zwei Wörter!\n', 'a😀b', '\n\n', 'x'.repeat(700), '我们。', '𝒳'.repeat(300), ' '), {
  maxLength: 60,
})

test('nothing of a text is lost, no piece is too long, and they overlap by no more than was said', () => {
  fc.assert(
    fc.property(
      sentences.map((parts) => parts.join('')),
      (text) => {
        expect(joined(text)).toBe(text)
        const pieces = chunk(text)
        for (const [index, { at, text: piece }] of pieces.entries()) {
          expect(piece.length).toBeLessThanOrEqual(pieceLength)
          expect(piece.isWellFormed()).toBe(text.isWellFormed())
          const next = pieces[index + 1]
          if (next) expect(at + piece.length - next.at).toBeLessThanOrEqual(pieceOverlap)
          if (next) expect(next.at).toBeGreaterThan(at)
        }
      },
    ),
    { numRuns: 300 },
  )
})
test('a short text is one piece, a long one is cut where sentences end', () => {
  expect(chunk('Short.')).toEqual([{ at: 0, text: 'Short.' }])
  expect(chunk('')).toEqual([{ at: 0, text: '' }])
  const sentence = 'The quick brown fox jumps over the lazy dog near the river. '
  const pieces = chunk(sentence.repeat(100))
  expect(pieces.length).toBe(5)
  for (const { text } of pieces) expect(text.startsWith('The quick') && text.endsWith('river. ')).toBe(true)
})
test('a text without any edge is cut between characters', () => {
  const pieces = chunk('😀'.repeat(2_000))
  expect(pieces.every(({ text }) => text.isWellFormed() && text.length > 1_500 === (text !== pieces.at(-1)?.text))).toBe(true)
  expect(joined('😀'.repeat(2_000))).toBe('😀'.repeat(2_000))
})
