import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSessionsHarness, type SessionsHarness } from '../../../test/sessions-harness.ts'

let app: SessionsHarness
let id = ''
beforeEach(async () => {
  app = await createSessionsHarness()
  id = (await app.ask('sessions.create', { workspace: { path: app.folder } })).id
})
afterEach(async () => {
  await app.close()
})
const put = (name: string, text = 'x') => {
  mkdirSync(path.dirname(path.join(app.folder, name)), { recursive: true })
  writeFileSync(path.join(app.folder, name), text)
}
const found = async (query: string, limit = 20) => (await app.ask('sessions.files', { id, query, limit })).items.map((item) => item.path)

test('files of the workspace are found by parts of their path, without what .gitignore leaves out', async () => {
  put('.gitignore', 'dist/\n')
  for (const name of ['src/upload.ts', 'src/deep/upload-list.ts', 'dist/upload.js', 'node_modules/upload/index.js', 'README.md']) put(name)
  expect(await found('upload')).toEqual(['src/upload.ts', 'src/deep/upload-list.ts'])
  expect(await found('deep/up', 1)).toEqual(['src/deep/upload-list.ts'])
  expect(await found('upload', 1)).toHaveLength(1)
  expect(await app.ask('sessions.files', { id, query: 'nothing like it' })).toEqual({ items: [], complete: true })
})
test('nothing outside of the workspace is found, not through a link either', async () => {
  mkdirSync(path.join(app.folder, '..', 'outside-of-it'), { recursive: true })
  writeFileSync(path.join(app.folder, '..', 'outside-of-it', 'secret.txt'), 'x')
  symlinkSync(path.join(app.folder, '..', 'outside-of-it'), path.join(app.folder, 'out'))
  symlinkSync(path.join(app.folder, '..', 'outside-of-it', 'secret.txt'), path.join(app.folder, 'secret.txt'))
  put('mine.txt')
  expect(await found('')).toEqual(['mine.txt'])
  expect(await found('../outside-of-it/secret')).toEqual([])
})
test('a caller who goes away ends the search', async () => {
  put('mine.txt')
  const gone = AbortSignal.abort()
  await expect(app.ask('sessions.files', { id, query: 'mine' }, { signal: gone })).rejects.toThrow(/aborted|given up|cancel/i)
})
test('an overview of a session without a run is empty', async () => {
  expect(await app.ask('sessions.overview', { id })).toEqual({ todos: [], checkpoints: [], steps: [], changes: [] })
  expect((await app.refusal('sessions.overview', { id: 'ses_absent' })).code).toBe('not_found')
})
