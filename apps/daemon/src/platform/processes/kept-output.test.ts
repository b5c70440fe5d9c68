import { expect, test } from 'vitest'
import { createKeptOutput } from './kept-output.ts'
import { createOutputRing } from './output-ring.ts'

test('output within the limit is kept whole, beyond it the beginning and the end are, and the rest is counted', () => {
  for (const size of [1, 3, 100]) {
    const kept = createKeptOutput(10)
    const all = Buffer.from('0123456789')
    for (let at = 0; at < all.length; at += size) kept.add(all.subarray(at, at + size))
    expect(kept.take(10)).toEqual({ text: '0123456789', droppedBytes: 0 })
    kept.add(Buffer.from('abcdefgh'))
    expect(kept.take(10)).toEqual({ text: '01234\n[… 8 bytes left out …]\ndefgh', droppedBytes: 8 })
    expect(kept.take(4)).toEqual({ text: '01\n[… 14 bytes left out …]\ngh', droppedBytes: 14 })
  }
})

test('no character is cut in two', () => {
  const kept = createKeptOutput(10)
  kept.add(Buffer.from('€'.repeat(10)))
  expect(kept.take(10)).toEqual({ text: '€\n[… 24 bytes left out …]\n€', droppedBytes: 24 })
})

test('a limit of nothing keeps nothing', () => {
  const kept = createKeptOutput(0)
  kept.add(Buffer.from('abc'))
  expect(kept.take(0)).toEqual({ text: '\n[… 3 bytes left out …]\n', droppedBytes: 3 })
})

test('a long output is read on from an offset, and what is gone is said', () => {
  const ring = createOutputRing(8)
  ring.add(Buffer.from('0123'))
  expect(ring.read(0, true)).toEqual({ text: '0123', nextOffset: 4 })
  ring.add(Buffer.from('456'))
  expect(ring.read(4, true)).toEqual({ text: '456', nextOffset: 7 })
  for (const letter of 'abcdefghijklmnopqrstuvwxyz') ring.add(Buffer.from(letter))
  expect(ring.read(7, true)).toEqual({ text: '[… 18 bytes are no longer kept …]\nstuvwxyz', nextOffset: 33 })
  expect(ring.read(99, true)).toEqual({ text: '', nextOffset: 33 })
  ring.add(Buffer.from('€').subarray(0, 2))
  expect(ring.read(33, true)).toEqual({ text: '', nextOffset: 33 })
  ring.add(Buffer.from('€').subarray(2))
  expect(ring.read(33, true)).toEqual({ text: '€', nextOffset: 36 })
})
