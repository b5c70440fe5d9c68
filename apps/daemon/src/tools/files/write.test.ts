import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { asOrdinaryUser, createPlace } from '../testing/place.ts'
import { write } from './write.ts'

test('a new file is made with its folders, and the answer says so', async () => {
  await using place = await createPlace()
  const { output, text } = await place.call(write, { path: 'new/deep/ä.txt', content: 'hällo\n' })
  expect(await readFile(join(place.root, 'new/deep/ä.txt'), 'utf8')).toBe('hällo\n')
  expect(output).toEqual({ path: 'new/deep/ä.txt', created: true, bytes: 7, lines: 1, lineEnding: 'lf' })
  expect(text).toBe('Created new/deep/ä.txt (1 lines, 7 bytes).')
})

test('a CRLF file stays CRLF for plain text, and text with CRLF of its own is written as it is', async () => {
  await using place = await createPlace()
  const file = join(place.root, 'a.txt')
  await writeFile(file, 'one\r\ntwo\r\n')
  await place.call(write, { path: 'a.txt', content: '1\n2\n' })
  expect(await readFile(file, 'utf8')).toBe('1\r\n2\r\n')
  await place.call(write, { path: 'a.txt', content: '1\r\n2\n' })
  expect(await readFile(file, 'utf8')).toBe('1\r\n2\n')
  await writeFile(file, 'one\ntwo\n')
  await place.call(write, { path: 'a.txt', content: '1\r\n2\r\n' })
  expect(await readFile(file, 'utf8')).toBe('1\r\n2\r\n')
})

test('an existing file keeps its encoding and byte order mark', async () => {
  await using place = await createPlace()
  const file = join(place.root, 'a.txt')
  await writeFile(file, Buffer.from('\uFEFFold', 'utf16le'))
  await place.call(write, { path: 'a.txt', content: 'néu' })
  expect(await readFile(file)).toEqual(Buffer.from('\uFEFFnéu', 'utf16le'))
})

test('a file may be emptied', async () => {
  await using place = await createPlace()
  await writeFile(join(place.root, 'a.txt'), 'x')
  expect((await place.call(write, { path: 'a.txt', content: '' })).output).toMatchObject({ created: false, bytes: 0, lines: 0, lineEnding: null })
})

test('an object as content is refused with a sentence, never written as [object Object]', () => {
  const result = write.inputs.safeParse({ path: 'a.json', content: { a: 1 } })
  expect(result.error?.issues[0]?.message).toBe('content must be text. To write an object, give it as JSON text.')
})

test('a folder in the way and a folder without permission are refused, and nothing is left behind', async () => {
  await using place = await createPlace()
  await mkdir(join(place.root, 'dir'))
  await chmod(place.folder, 0o755)
  await chmod(place.root, 0o755)
  await expect(place.call(write, { path: 'dir', content: 'x' })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('a folder'),
  })
  await expect(asOrdinaryUser(() => place.call(write, { path: 'no.txt', content: 'x' }))).rejects.toMatchObject({ name: 'ToolError' })
  expect((await place.files.list(place.root)).map(({ name }) => name)).toEqual(['dir'])
})

test('the preview is a diff against what is there now, of at most 64 KB', async () => {
  await using place = await createPlace()
  await writeFile(join(place.root, 'a.txt'), 'one\ntwo\n')
  expect(await place.preview(write, { path: 'a.txt', content: 'one\n2\n' })).toEqual({
    diff: '--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n',
    summary: 'Replace the content of a.txt',
  })
  expect(await place.preview(write, { path: 'b.txt', content: 'x\n' })).toEqual({
    diff: '--- /dev/null\n+++ b/b.txt\n@@ -0,0 +1,1 @@\n+x\n',
    summary: 'Create b.txt',
  })
  const huge = await place.preview(write, { path: 'c.txt', content: 'some line of text\n'.repeat(50_000) })
  expect(Buffer.byteLength(huge?.diff ?? '')).toBeLessThanOrEqual(64 * 1024)
  expect(huge?.diff).toMatch(/bytes left out here\. The diff is longer than 64 KB\.\]$/)
})
