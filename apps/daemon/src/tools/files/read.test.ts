import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { asOrdinaryUser, createPlace } from '../testing/place.ts'
import { read } from './read.ts'

const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('')

test('a small file is given whole, with its lines counted', async () => {
  await using place = await createPlace()
  await writeFile(join(place.root, 'a.txt'), 'one\ntwo\nthree')
  const { output, text } = await place.call(read, { path: 'a.txt' })
  expect(text).toBe('one\ntwo\nthree\n[a.txt: lines 1-3 of 3]')
  expect(output).toEqual({
    path: 'a.txt',
    kind: 'text',
    bytes: 13,
    content: 'one\ntwo\nthree',
    startLine: 1,
    endLine: 3,
    totalLines: 3,
    encoding: 'utf-8',
    lineEnding: 'lf',
    truncated: false,
  })
})

test('a range of lines is given, numbered on demand, and says where to go on', async () => {
  await using place = await createPlace()
  await writeFile(join(place.root, 'a.txt'), lines(1, 20))
  const { text } = await place.call(read, { path: 'a.txt', startLine: 9, lineCount: 2, numbered: true })
  expect(text).toBe('     9\tline 9\n    10\tline 10\n[a.txt: lines 9-10 of 20; go on with startLine 11]')
  await expect(place.call(read, { path: 'a.txt', startLine: 21 })).rejects.toThrow('a.txt has 20 lines; line 21 does not exist.')
})

test('a huge file is given by 2,000 lines, and one long line is cut at the limit with a statement', async () => {
  await using place = await createPlace()
  await writeFile(join(place.root, 'many.txt'), lines(1, 5000))
  const many = await place.call(read, { path: 'many.txt' })
  expect(many.output).toMatchObject({ startLine: 1, endLine: 2000, totalLines: 5000, truncated: true })
  expect(many.text).toMatch(/\[many\.txt: lines 1-2000 of 5000; go on with startLine 2001\]$/)
  await writeFile(join(place.root, 'long.txt'), '€'.repeat(200_000))
  const long = await place.call(read, { path: 'long.txt' })
  expect(Buffer.byteLength(long.text)).toBeLessThanOrEqual(100_000)
  expect(long.text).toContain('[long.txt: lines 1-1 of 1; line 1 is cut]')
  expect(long.text).not.toContain('\uFFFD')
  const wide = await place.call(read, { path: 'long.txt' }, { outputBytes: 10_000_000 })
  expect(Buffer.byteLength(String(wide.output['content']))).toBe(Math.floor((256 * 1024) / 3) * 3)
})

test('a file over 50 MB is refused with what to do instead', async () => {
  await using place = await createPlace()
  await writeFile(join(place.root, 'big'), Buffer.alloc(50 * 1024 * 1024 + 1, 'a'))
  await expect(place.call(read, { path: 'big' })).rejects.toMatchObject({ code: 'too_large', message: expect.stringContaining('Search it') })
})

test('an empty file is said to be empty', async () => {
  await using place = await createPlace()
  await writeFile(join(place.root, 'empty'), '')
  expect(await place.call(read, { path: 'empty' })).toMatchObject({
    text: '[empty is empty]',
    output: { totalLines: 0, endLine: 0, lineEnding: null },
  })
})

test('line endings, Unicode and every byte order mark are read right', async () => {
  await using place = await createPlace()
  const text = 'häß\r\n日本 👩‍👩‍👧\r\n'
  const swapped = Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()
  const cases = { utf8: Buffer.from(text), bom: Buffer.from(`\uFEFF${text}`), le: Buffer.from(`\uFEFF${text}`, 'utf16le'), be: swapped }
  for (const [name, bytes] of Object.entries(cases)) {
    await writeFile(join(place.root, name), bytes)
    const { output } = await place.call(read, { path: name })
    expect(output).toMatchObject({
      content: text,
      lineEnding: 'crlf',
      encoding: { utf8: 'utf-8', bom: 'utf-8', le: 'utf-16le', be: 'utf-16be' }[name],
    })
  }
})

test('a picture and a binary file are named, not shown', async () => {
  await using place = await createPlace()
  await writeFile(join(place.root, 'a.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1]))
  await writeFile(join(place.root, 'b.bin'), Buffer.from([1, 0, 2]))
  await writeFile(join(place.root, 'latin'), Buffer.from('caf\xe9', 'latin1'))
  expect(await place.call(read, { path: 'a.png' })).toMatchObject({
    text: expect.stringContaining('a picture (image/png, 7 bytes)'),
    output: { kind: 'image', content: '' },
  })
  expect((await place.call(read, { path: 'b.bin' })).text).toContain('a binary file (3 bytes)')
  expect((await place.call(read, { path: 'latin' })).output).toMatchObject({ kind: 'binary' })
})

test('a missing file is answered with near names, a folder and a forbidden file with the reason', async () => {
  await using place = await createPlace()
  await writeFile(join(place.root, 'Readme.md'), 'x')
  await mkdir(join(place.root, 'src'))
  await writeFile(join(place.root, 'locked'), 'x')
  await chmod(join(place.root, 'locked'), 0o000)
  await chmod(place.folder, 0o755)
  await expect(place.call(read, { path: 'README.txt' })).rejects.toMatchObject({
    code: 'not_found',
    message: 'There is no file README.txt. Did you mean Readme.md?',
  })
  await expect(place.call(read, { path: 'src' })).rejects.toThrow('src is a folder. List it, or name a file in it.')
  await expect(asOrdinaryUser(() => place.call(read, { path: 'locked' }))).rejects.toMatchObject({
    name: 'ToolError',
    message: expect.stringMatching(/permission|denied|permitted/i),
  })
})
