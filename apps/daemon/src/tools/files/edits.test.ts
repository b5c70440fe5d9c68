import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlace } from '../testing/place.ts'
import { edit } from './edit.ts'
import { applyEdit } from './edits.ts'
import { multiEdit } from './multi-edit.ts'

const withFile = async (content: string | Uint8Array) => {
  const place = await createPlace()
  const file = join(place.root, 'a.ts')
  await writeFile(file, content)
  return Object.assign(place, { now: () => readFile(file, 'utf8') })
}

test('an exact text is replaced once, and dollar signs in the new text mean nothing special', async () => {
  await using place = await withFile('const a = 1\nconst b = 2\n')
  const { text, output } = await place.call(edit, { path: 'a.ts', oldText: 'a = 1', newText: "$& $1 $'" })
  expect(await place.now()).toBe("const $& $1 $'\nconst b = 2\n")
  expect(text).toBe('Changed one place in a.ts.')
  expect(output).toMatchObject({ replaced: 1 })
})

test('an ambiguous text is refused with its lines, and replaceAll changes all', async () => {
  await using place = await withFile('x\ny\nx\nx\n')
  await expect(place.call(edit, { path: 'a.ts', oldText: 'x', newText: 'z' })).rejects.toThrow(
    'a.ts: oldText occurs 3 times (lines 1, 3, 4); nothing was changed.',
  )
  expect((await place.call(edit, { path: 'a.ts', oldText: 'x', newText: 'xx', replaceAll: true })).output).toMatchObject({ replaced: 3 })
  expect(await place.now()).toBe('xx\ny\nxx\nxx\n')
})

test('an empty or equal text is refused', async () => {
  await using place = await withFile('x\n')
  await expect(place.call(edit, { path: 'a.ts', oldText: '', newText: 'z' })).rejects.toThrow('oldText is empty')
  await expect(place.call(edit, { path: 'a.ts', oldText: 'x', newText: 'x' })).rejects.toThrow('equal')
  expect(await place.now()).toBe('x\n')
})

test('a miss shows up to three near places with their lines and changes nothing', async () => {
  const source = [
    'function first() {',
    '  return compute(1)',
    '}',
    'other',
    '  return compute(22)',
    '  return compute(3)',
    '  return compute(44)',
  ].join('\n')
  await using place = await withFile(source)
  const failure = await place.call(edit, { path: 'a.ts', oldText: '  return compute(2)', newText: 'z' }).catch((error: Error) => error)
  const message = (failure as Error).message
  expect(message).toContain('a.ts: oldText was not found; nothing was changed. The nearest places:\n')
  expect(message.match(/^\d+: {3}return compute\(\d+\)$/gm)).toHaveLength(3)
  expect(await place.now()).toBe(source)
  await expect(place.call(edit, { path: 'a.ts', oldText: 'nothing like this anywhere', newText: 'z' })).rejects.toThrow(
    'No place in the file looks like it',
  )
})

test('line endings need not match, and the file keeps its own', async () => {
  await using place = await withFile('one\r\ntwo\r\nthree\r\n')
  await place.call(edit, { path: 'a.ts', oldText: 'one\ntwo', newText: '1\n2\n2b' })
  expect(await place.now()).toBe('1\r\n2\r\n2b\r\nthree\r\n')
  expect(applyEdit('a\nb\nc\n', { oldText: 'a\r\nb', newText: 'x' }, 'f').text).toBe('x\nc\n')
  expect(applyEdit('é\r\nb\nc\r\nb\r\nd', { oldText: 'c\nb\nd', newText: '!' }, 'f').text).toBe('é\r\nb\n!')
})

test('a UTF-16 file is edited and stays UTF-16; a binary one is refused', async () => {
  await using place = await withFile(Buffer.from('\uFEFFgrün\r\n', 'utf16le'))
  await place.call(edit, { path: 'a.ts', oldText: 'grün', newText: 'blau' })
  expect(await readFile(join(place.root, 'a.ts'))).toEqual(Buffer.from('\uFEFFblau\r\n', 'utf16le'))
  await writeFile(join(place.root, 'a.ts'), Buffer.from([1, 0, 2]))
  await expect(place.call(edit, { path: 'a.ts', oldText: 'a', newText: 'b' })).rejects.toThrow('not a text file')
})

test('a missing and an empty file are refused in words', async () => {
  await using place = await withFile('')
  await expect(place.call(edit, { path: 'b.ts', oldText: 'a', newText: 'b' })).rejects.toMatchObject({ code: 'not_found' })
  await expect(place.call(edit, { path: 'a.ts', oldText: 'abc', newText: 'b' })).rejects.toThrow('was not found')
})

test('several edits are made in order, or none of them when one does not fit', async () => {
  await using place = await withFile('a\nb\n')
  const good = [
    { oldText: 'a', newText: 'c' },
    { oldText: 'c\nb', newText: 'd' },
  ]
  expect((await place.call(multiEdit, { path: 'a.ts', edits: good })).output).toMatchObject({ replaced: 2 })
  expect(await place.now()).toBe('d\n')
  const bad = [
    { oldText: 'd', newText: 'e' },
    { oldText: 'zzz', newText: 'f' },
  ]
  await expect(place.call(multiEdit, { path: 'a.ts', edits: bad })).rejects.toThrow('a.ts, edit 2 of 2: oldText was not found')
  expect(await place.now()).toBe('d\n')
})

test('the preview of an edit is the diff it would make, and writes nothing', async () => {
  await using place = await withFile('a\nb\n')
  const diff = '--- a/a.ts\n+++ b/a.ts\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n'
  expect(await place.preview(edit, { path: 'a.ts', oldText: 'b', newText: 'c' })).toEqual({ diff, summary: 'Change one place in a.ts' })
  expect(await place.preview(multiEdit, { path: 'a.ts', edits: [{ oldText: 'b', newText: 'c' }] })).toMatchObject({ diff })
  expect(await place.now()).toBe('a\nb\n')
})

test('a miss in a file of 50,000 long lines is answered within two seconds of work', () => {
  const text = Array.from({ length: 50_000 }, (_, index) => `const value${index} = compute(${index}, 'some longer argument', options)`).join('\n')
  const before = process.cpuUsage()
  expect(() => applyEdit(text, { oldText: "const valueX = compute(X, 'some longer argument', option)", newText: '' }, 'f')).toThrow('nearest places')
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1_000).toBeLessThan(2000)
})
