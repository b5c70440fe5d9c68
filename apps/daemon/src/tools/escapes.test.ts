import { execFileSync } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { escapeSecret, makeEscapePlaces, oddButInside, pathEscapes } from '../../test/corpora/path-escapes.ts'
import { createFiles } from '../platform/files/files.ts'
import { builtinTools } from './builtin.ts'
import { read } from './files/read.ts'
import { write } from './files/write.ts'
import { createPlace, type Place } from './testing/place.ts'
import { ToolError } from './tool.ts'

const calls: Record<string, (path: string) => unknown> = {
  'files.read': (path) => ({ path }),
  'files.write': (path) => ({ path, content: 'x' }),
  'files.edit': (path) => ({ path, oldText: 'the', newText: 'x' }),
  'files.multi_edit': (path) => ({ path, edits: [{ oldText: 'the', newText: 'x' }] }),
  'files.list': (path) => ({ path }),
  'files.glob': (path) => ({ path, pattern: '**' }),
  'files.grep': (path) => ({ path, pattern: 'secret' }),
  'git.diff': (path) => ({ path }),
  'git.log': (path) => ({ path }),
  'git.show': (path) => ({ path, content: true }),
}

/** A new repository, copied for each attempt: git itself takes a process to make one. */
let repository: string
/** What carries a tool; where it works is said at each call. */
let place: Place
beforeAll(async () => {
  place = await createPlace()
  repository = await mkdtemp(join(tmpdir(), 'steward-repository-'))
  execFileSync('git', ['init', '-q', '--template='], { cwd: repository })
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
  await rm(repository, { recursive: true, force: true })
})

/** Refused for where the path leads, not because something was not found. */
const kept = expect.stringMatching(/^(outside_workspace|refused|invalid)$/)

test('every tool that takes a path is in this table', () => {
  const shapes = builtinTools.filter(
    (tool) => tool.inputs.safeParse({ path: 'a' }).error?.issues.every(({ code }) => code !== 'unrecognized_keys') ?? true,
  )
  expect(shapes.map(({ id }) => id).toSorted()).toEqual(Object.keys(calls).toSorted())
})

test.each(pathEscapes)('no file tool gets out by $name', async (escape) => {
  const folder = await mkdtemp(join(tmpdir(), 'steward-escape-'))
  try {
    const at = await makeEscapePlaces(folder)
    await escape.setUp?.(at)
    const files = createFiles({ roots: [at.root], home: at.home })
    await cp(repository, at.root, { recursive: true })
    const before = await readdir(at.outside)
    for (const [id, input] of Object.entries(calls)) {
      const tool = builtinTools.find((one) => one.id === id)!
      const parsed = tool.inputs.safeParse(input(escape.path(at)))
      if (!parsed.success) continue
      const here = { cwd: at.root, files }
      const preview = tool.preview === undefined ? Promise.reject(new ToolError('refused', 'It has none.')) : tool.preview(parsed.data, here)
      await expect(preview, `${id} previews`).rejects.toBeInstanceOf(ToolError)
      await expect(tool.targets(parsed.data, here), `${id} names a target`).rejects.toBeInstanceOf(ToolError)
      await expect(tool.run(parsed.data, place.context(here)), `${id} runs`).rejects.toMatchObject({ name: 'ToolError', code: kept })
    }
    expect(await readdir(at.outside)).toEqual(before)
    expect(await readFile(join(at.outside, 'secret.txt'), 'utf8')).toBe(escapeSecret)
    expect(await readFile(join(at.home, 'token'), 'utf8')).toBe(escapeSecret)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test.each(oddButInside)('a file with an odd path inside the workspace can be written and read: $name', async (odd) => {
  const folder = await mkdtemp(join(tmpdir(), 'steward-odd-'))
  try {
    const at = await makeEscapePlaces(folder)
    await odd.setUp?.(at)
    const more = { cwd: at.root, files: createFiles({ roots: [at.root], home: at.home }) }
    await place.call(write, { path: odd.path(at), content: 'odd' }, more)
    expect((await place.call(read, { path: odd.path(at) }, more)).output).toMatchObject({ content: 'odd' })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
