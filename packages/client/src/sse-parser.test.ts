import { expect, test } from 'vitest'
import { createSseParser } from './sse-parser.ts'

const text =
  'retry: 50\r\n\r\n: comment\nid: e1.n1\nevent: note.added\ndata: {"a":"é😀"}\r\n\nevent: token\rdata: 1\rdata:2\r\rid: e1.n2\n\ndata: cut off'
const blocks = [
  { event: '', data: '', retry: 50 },
  { id: 'e1.n1', event: 'note.added', data: '{"a":"é😀"}' },
  { event: 'token', data: '1\n2' },
  { id: 'e1.n2', event: '', data: '' },
]
test('a stream is read alike however its bytes are cut, with any line ends, and what is cut off at its end is dropped', () => {
  const bytes = new TextEncoder().encode(text)
  for (let size = 1; size <= bytes.length; size++) {
    const parse = createSseParser()
    const seen = []
    for (let at = 0; at < bytes.length; at += size) seen.push(...parse(bytes.subarray(at, at + size)))
    expect({ size, seen }).toEqual({ size, seen: blocks })
  }
})
