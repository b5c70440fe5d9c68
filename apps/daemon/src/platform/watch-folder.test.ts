import { execFileSync } from 'node:child_process'
import { mkdir, readFile, rename, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { tempDir, until } from '@steward/testkit'
import { expect, test } from 'vitest'
import { watchFolder } from './watch-folder.ts'
import type { WatchedFile } from './watch-folder.ts'

async function watched(prepare: (folder: string, outside: string) => Promise<unknown> = async () => undefined) {
  const temp = await tempDir()
  const folder = path.join(temp.path, 'steward', 'apps')
  await prepare(folder, temp.path)
  const changes: (readonly WatchedFile[])[] = []
  const errors: unknown[] = []
  const watching = await watchFolder({
    folder,
    ending: '.app.json',
    onChange: (files) => changes.push(files),
    onError: (error) => errors.push(error),
  })
  return {
    folder,
    outside: temp.path,
    changes,
    errors,
    watching,
    put: (name: string, text: string) => writeFile(path.join(folder, name), text),
    told: (what: (files: Record<string, string | null>) => boolean) =>
      until(() => changes.length > 0 && what(byName(changes.at(-1)!)), { what: 'the change' }),
    async [Symbol.asyncDispose]() {
      await watching.close()
      await temp[Symbol.asyncDispose]()
    },
  }
}
const byName = (files: readonly WatchedFile[]) => Object.fromEntries(files.map((file) => [path.basename(file.path), file.text]))
const problems = (files: readonly WatchedFile[]) => Object.fromEntries(files.map((file) => [path.basename(file.path), file.problem]))

test('a folder that is not there is made for its owner only, and what is put in it is told', async () => {
  await using place = await watched()
  expect((await stat(place.folder)).mode & 0o777).toBe(0o700)
  expect(place.watching.files()).toEqual([])
  await place.put('a.app.json', '{"a":1}')
  await place.put('notes.txt', 'not looked at')
  await place.told((files) => files['a.app.json'] === '{"a":1}')
  expect(byName(place.watching.files())).toEqual({ 'a.app.json': '{"a":1}' })
  expect(place.watching.files()).toBe(place.changes.at(-1))
})
test('a change, a file put in place by renaming, and a removal are told with the whole list', async () => {
  await using place = await watched(async (folder) => {
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, 'b.app.json'), 'one')
    await writeFile(path.join(folder, 'a.app.json'), 'a')
  })
  expect(byName(place.watching.files())).toEqual({ 'a.app.json': 'a', 'b.app.json': 'one' })
  await place.put('b.app.json', 'two')
  await place.told((files) => files['b.app.json'] === 'two')
  await place.put('b.tmp', 'three')
  await rename(path.join(place.folder, 'b.tmp'), path.join(place.folder, 'b.app.json'))
  await place.told((files) => files['b.app.json'] === 'three' && files['a.app.json'] === 'a')
  await unlink(path.join(place.folder, 'a.app.json'))
  await place.told((files) => !('a.app.json' in files))
  expect(byName(place.watching.files())).toEqual({ 'b.app.json': 'three' })
})
test('a folder that goes away empties the list, and one that comes back fills it', async () => {
  await using place = await watched()
  await place.put('a.app.json', 'a')
  await place.told((files) => files['a.app.json'] === 'a')
  await rm(place.folder, { recursive: true })
  await place.told((files) => !('a.app.json' in files))
  await mkdir(place.folder)
  await place.put('a.app.json', 'again')
  await place.told((files) => files['a.app.json'] === 'again')
  expect(byName(place.watching.files())).toEqual({ 'a.app.json': 'again' })
})
test('many writes in a row are told as few changes, the last one among them', async () => {
  await using place = await watched()
  for (let n = 0; n <= 200; n += 1) await place.put('a.app.json', `{"n":${n}}`)
  await place.told((files) => files['a.app.json'] === '{"n":200}')
  expect(place.changes.length).toBeLessThan(20)
})
test('what should not be read is listed with the reason: links that lead out, folders, pipes, what is too large or no text', async () => {
  await using place = await watched(async (folder, outside) => {
    await mkdir(path.join(folder, 'folder.app.json'), { recursive: true })
    await writeFile(path.join(outside, 'secret'), 'secret')
    await symlink(path.join(outside, 'secret'), path.join(folder, 'out.app.json'))
    await writeFile(path.join(folder, 'real.app.json'), 'inside')
    await symlink('real.app.json', path.join(folder, 'in.app.json'))
    await symlink('nowhere', path.join(folder, 'broken.app.json'))
    execFileSync('mkfifo', [path.join(folder, 'pipe.app.json')])
    await writeFile(path.join(folder, 'large.app.json'), 'x'.repeat(1024 * 1024 + 1))
    await writeFile(path.join(folder, 'most.app.json'), 'x'.repeat(1024 * 1024))
    await writeFile(path.join(folder, 'bytes.app.json'), Buffer.from([0xff, 0xfe, 0]))
  })
  const files = place.watching.files()
  expect(problems(files)).toMatchObject({
    'out.app.json': expect.stringContaining('leads out of the folder'),
    'folder.app.json': 'This is no ordinary file.',
    'pipe.app.json': 'This is no ordinary file.',
    'large.app.json': 'The file is larger than 1 MiB.',
    'bytes.app.json': 'The file is not UTF-8 text.',
    'in.app.json': null,
    'most.app.json': null,
  })
  expect(byName(files)).toMatchObject({ 'in.app.json': 'inside', 'out.app.json': null })
  expect('broken.app.json' in problems(files)).toBe(false)
  expect(JSON.stringify(files)).not.toContain('secret"')
})
test('a closed watch tells nothing more and leaves the folder as it is', async () => {
  await using place = await watched()
  await place.put('a.app.json', 'a')
  await place.told((files) => files['a.app.json'] === 'a')
  const told = place.changes.length
  await place.watching.close()
  await place.put('a.app.json', 'b')
  await using other = await watched()
  await other.put('a.app.json', 'later')
  await other.told((files) => files['a.app.json'] === 'later')
  expect(place.changes.length).toBe(told)
  expect(await readFile(path.join(place.folder, 'a.app.json'), 'utf8')).toBe('b')
  expect(place.errors).toEqual([])
})
