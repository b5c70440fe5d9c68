import { expect, test } from 'vitest'
import { decodeText, encodeText, imageType, lineEndingOf, linesOf, withLineEnding } from './text-file.ts'

test('text in every encoding comes back byte for byte', () => {
  for (const encoding of ['utf-8', 'utf-16le', 'utf-16be'] as const) {
    const bytes = encodeText('häß 日本\r\n', { encoding, bom: true })
    const decoded = decodeText(bytes)
    expect(decoded).toEqual({ text: 'häß 日本\r\n', encoding, bom: true })
    expect(encodeText(decoded!.text, decoded!)).toEqual(bytes)
  }
  expect(decodeText(new Uint8Array())).toEqual({ text: '', encoding: 'utf-8', bom: false })
})

test('bytes that are no text are told apart', () => {
  for (const bytes of [
    [1, 0, 2],
    [0xc3, 0x28],
    [0xff, 0xfe, 0x00, 0xd8],
  ])
    expect(decodeText(Uint8Array.from(bytes))).toBeNull()
  expect(imageType(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]))).toBe('image/jpeg')
  expect(imageType(Buffer.from('plain'))).toBeNull()
})

test('lines keep their endings, and most lines decide the ending of a file', () => {
  expect(linesOf('a\r\nb\n')).toEqual(['a\r\n', 'b\n'])
  expect(linesOf('')).toEqual([])
  expect(linesOf('\n')).toEqual(['\n'])
  expect([lineEndingOf('x'), lineEndingOf('a\nb\r\nc\r\n'), lineEndingOf('a\nb\r\n')]).toEqual([null, '\r\n', '\n'])
  expect(withLineEnding('a\nb', '\r\n')).toBe('a\r\nb')
})
