import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { asOrdinaryUser, createPlace, type Place } from '../testing/place.ts'
import { ToolError } from '../tool.ts'
import { patch } from './patch.ts'

const fill = async (place: Place, files: Record<string, string>) => {
  for (const [name, content] of Object.entries(files)) await place.files.write(join(place.root, name), Buffer.from(content))
}
const content = (place: Place, name: string) => readFile(join(place.root, name), 'utf8').catch(() => null)

const all = `diff --git a/update.txt b/update.txt
--- a/update.txt
+++ b/update.txt
@@ -1,3 +1,3 @@
 one
-two
+TWO
 three
diff --git a/new/add.txt b/new/add.txt
new file mode 100644
--- /dev/null
+++ b/new/add.txt
@@ -0,0 +1,2 @@
+häl
+lo
diff --git a/gone.txt b/gone.txt
deleted file mode 100644
--- a/gone.txt
+++ /dev/null
@@ -1,1 +0,0 @@
-bye
diff --git a/old.txt b/renamed.txt
similarity index 100%
rename from old.txt
rename to renamed.txt
`
const before = { 'update.txt': 'one\ntwo\nthree\n', 'gone.txt': 'bye\n', 'old.txt': 'same\n' }

test('one patch updates, adds, deletes and renames files', async () => {
  await using place = await createPlace()
  await fill(place, before)
  const { output, text } = await place.call(patch, { patch: all })
  expect(await content(place, 'update.txt')).toBe('one\nTWO\nthree\n')
  expect(await content(place, 'new/add.txt')).toBe('häl\nlo\n')
  expect(await content(place, 'gone.txt')).toBeNull()
  expect(await content(place, 'old.txt')).toBeNull()
  expect(await content(place, 'renamed.txt')).toBe('same\n')
  expect(text).toBe('Applied the patch:\nupdate update.txt\nadd new/add.txt\ndelete gone.txt\nrename old.txt to renamed.txt')
  expect(output['files']).toHaveLength(4)
})

test('a patch with one part that does not fit changes no file at all', async () => {
  await using place = await createPlace()
  await fill(place, { ...before, 'gone.txt': 'something else\n' })
  await expect(place.call(patch, { patch: all })).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringContaining('does not fit gone.txt'),
  })
  expect(await content(place, 'update.txt')).toBe('one\ntwo\nthree\n')
  expect(await content(place, 'new/add.txt')).toBeNull()
})

test('when a write fails in the middle, the files written before get their old content back', async () => {
  await using place = await createPlace()
  await fill(place, { 'a/one.txt': 'one\n', 'b/two.txt': 'two\n' })
  await chmod(place.folder, 0o755)
  await chmod(place.root, 0o755)
  await chmod(join(place.root, 'a'), 0o777)
  await chmod(join(place.root, 'a/one.txt'), 0o666)
  await chmod(join(place.root, 'b'), 0o555)
  const text = '--- a/a/one.txt\n+++ b/a/one.txt\n@@ -1,1 +1,1 @@\n-one\n+1\n--- a/b/two.txt\n+++ b/b/two.txt\n@@ -1,1 +1,1 @@\n-two\n+2\n'
  await expect(asOrdinaryUser(() => place.call(patch, { patch: text }))).rejects.toThrow(
    /^The patch was not applied\. .* All files are as they were\.$/s,
  )
  expect(await content(place, 'a/one.txt')).toBe('one\n')
  expect(await content(place, 'b/two.txt')).toBe('two\n')
})

test('a file that is to be added must not be there, and one to be changed must', async () => {
  await using place = await createPlace()
  await fill(place, { ...before, 'new/add.txt': 'mine' })
  await expect(place.call(patch, { patch: all })).rejects.toThrow('The patch would make new/add.txt, but it exists already.')
  await expect(place.call(patch, { patch: '--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-a\n+b\n' })).rejects.toThrow('changes x, which does not exist')
})

test('a CRLF file is patched by a patch with plain line endings and stays CRLF', async () => {
  await using place = await createPlace()
  await fill(place, { ...before, 'update.txt': 'one\r\ntwo\r\nthree\r\n' })
  await place.call(patch, { patch: all })
  expect(await content(place, 'update.txt')).toBe('one\r\nTWO\r\nthree\r\n')
})

test('what is no unified diff is refused with the reason', async () => {
  await using place = await createPlace()
  await expect(place.call(patch, { patch: 'hello' })).rejects.toThrow('The patch holds no change.')
  await expect(place.call(patch, { patch: '*** Begin Patch\n*** Update File: a\n@@\n-a\n+b\n*** End Patch' })).rejects.toMatchObject({
    code: 'invalid',
  })
  await expect(place.call(patch, { patch: '--- a/x\n+++ b/x\n@@ -1,9 +1,1 @@\n-a\n+b\n' })).rejects.toThrow(/no valid unified diff/)
  await mkdir(join(place.root, 'dir'))
  await expect(place.call(patch, { patch: '--- a/dir\n+++ b/dir\n@@ -1,1 +1,1 @@\n-a\n+b\n' })).rejects.toThrow('dir is a folder')
})

test('a patch cannot name a file outside the workspace, neither in its targets nor when run', async () => {
  await using place = await createPlace()
  await writeFile(join(place.folder, 'secret.txt'), 'a\n')
  for (const name of ['../secret.txt', `${place.folder}/secret.txt`, 'x/../../secret.txt']) {
    const input = { patch: `--- ${name}\n+++ ${name}\n@@ -1,1 +1,1 @@\n-a\n+b\n` }
    await expect(patch.targets(input, { cwd: place.root, files: place.files })).rejects.toBeInstanceOf(ToolError)
    await expect(place.call(patch, input)).rejects.toBeInstanceOf(ToolError)
  }
  expect(await readFile(join(place.folder, 'secret.txt'), 'utf8')).toBe('a\n')
})

test('the targets name every file on both sides, and the preview is the diff against what is there', async () => {
  await using place = await createPlace()
  await fill(place, before)
  const targets = await patch.targets({ patch: all }, { cwd: place.root, files: place.files })
  const names = ['update.txt', 'new/add.txt', 'gone.txt', 'old.txt', 'renamed.txt']
  expect(targets).toEqual(names.map((name) => ({ kind: 'path', path: join(place.root, name), access: 'write' })))
  const preview = await place.preview(patch, { patch: all })
  expect(preview?.diff).toContain('-two\n+TWO')
  expect(preview?.diff).toContain('--- a/gone.txt\n+++ /dev/null')
  expect(await content(place, 'gone.txt')).toBe('bye\n')
})
