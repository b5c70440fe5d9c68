import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, link, mkdir, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { tempDir } from '@steward/testkit'
import { escapeSecret, makeEscapePlaces, oddButInside, pathEscapes } from '../../../test/corpora/path-escapes.ts'
import { ToolError } from '../../tools/tool.ts'
import { createFiles } from './files.ts'

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
/** Every entry below a folder, with its number, mode, size and time. */
const listed = (folder: string): string => execFileSync('ls', ['-lARi', '--time-style=full-iso', folder]).toString()
const bytes = (words: string): Uint8Array => Buffer.from(words)
async function refusal(work: Promise<unknown>): Promise<string> {
  const answer = await work.then(
    (value) => `it answered ${JSON.stringify(value)}`,
    (error: unknown) => error,
  )
  if (!(answer instanceof ToolError)) throw new Error('not refused', { cause: answer })
  return answer.code
}

describe.each(pathEscapes)('$name', (escape) => {
  test('is no way out of the workspace', async () => {
    await using dir = await tempDir()
    const at = await makeEscapePlaces(dir.path)
    await escape.setUp?.(at)
    const asked = escape.path(at)
    const files = createFiles({ roots: [at.root], home: at.home })
    const before = listed(dir.path)
    const codes = [
      await refusal(files.resolve(asked, 'read')),
      await refusal(files.resolve(asked, 'write')),
      await refusal(files.read(asked)),
      await refusal(files.write(asked, bytes('changed'))),
      await refusal(files.remove(asked)),
      await refusal(files.stat(asked)),
      await refusal(files.list(asked)),
    ]
    expect(codes.filter((code) => !['outside_workspace', 'refused', 'invalid'].includes(code))).toEqual([])
    expect(listed(dir.path)).toBe(before)
    expect(await readFile(path.join(at.outside, 'secret.txt'), 'utf8')).toBe(escapeSecret)
  })
})

test.each(oddButInside)('$name stays usable', async (odd) => {
  await using dir = await tempDir()
  const at = await makeEscapePlaces(dir.path)
  await odd.setUp?.(at)
  const files = createFiles({ roots: [at.root], home: at.home })
  const asked = odd.path(at)
  await files.write(asked, bytes('kept'))
  expect(text(await files.read(asked))).toBe('kept')
  expect((await files.resolve(asked, 'read')).startsWith(`${at.root}/`)).toBe(true)
})

test('the home is closed under another name of the same folder, and /proc even when the root is the whole disk', async () => {
  await using dir = await tempDir()
  const at = await makeEscapePlaces(dir.path)
  await symlink(at.home, path.join(dir.path, 'home-link'))
  const files = createFiles({ roots: ['/'], home: path.join(dir.path, 'home-link') })
  expect(await refusal(files.read(`${at.home}/token`))).toBe('refused')
  expect(await refusal(files.read('/proc/self/environ'))).toBe('refused')
  expect(text(await files.read(`${at.outside}/secret.txt`))).toBe(escapeSecret)
  const moved = createFiles({ roots: [at.root], home: at.home })
  await rename(at.home, `${at.root}/elsewhere`)
  await symlink('elsewhere', at.home)
  expect(await refusal(moved.read('elsewhere/token'))).toBe('refused')
})

test('pipes, devices and sockets are neither read nor overwritten, and reading one does not hang', async () => {
  await using dir = await tempDir()
  const at = await makeEscapePlaces(dir.path)
  execFileSync('mkfifo', [path.join(at.root, 'pipe')])
  const files = createFiles({ roots: [at.root, '/dev'], home: at.home })
  for (const odd of ['pipe', '/dev/zero']) {
    expect(await refusal(files.read(odd))).toBe('refused')
    expect(await refusal(files.write(odd, bytes('x')))).toBe('refused')
  }
})

test('a write replaces the file in one step, keeps its mode and leaves nothing else behind', async () => {
  await using dir = await tempDir()
  const at = await makeEscapePlaces(dir.path)
  const script = path.join(at.root, 'run.sh')
  await writeFile(script, 'old')
  await chmod(script, 0o751)
  await link(script, path.join(at.root, 'old-name'))
  const files = createFiles({ roots: [at.root], home: at.home })
  await files.write('run.sh', bytes('new'))
  expect((await stat(script)).mode & 0o7777).toBe(0o751)
  expect(await readFile(script, 'utf8')).toBe('new')
  expect(await readFile(path.join(at.root, 'old-name'), 'utf8')).toBe('old')
  expect(await refusal(files.write('inside.txt/below', bytes('x')))).toBe('not_found')
  expect(await refusal(files.write('', bytes('x')))).toBe('invalid')
  await mkdir(path.join(at.root, 'folder'))
  expect(await refusal(files.write('folder', bytes('x')))).toBe('invalid')
  expect((await readdir(at.root)).toSorted()).toEqual(['.steward', 'folder', 'inside.txt', 'old-name', 'run.sh'])
})

test('a folder swapped for a symlink again and again during writes never lets one byte out', async () => {
  await using dir = await tempDir()
  const at = await makeEscapePlaces(dir.path)
  const files = createFiles({ roots: [at.root], home: at.home })
  await mkdir(path.join(at.outside, 'sub'))
  const swap = `const fs = require('node:fs'); const [door, outside] = process.argv.slice(1); const quietly = (act) => { try { act() } catch {} }
    for (;;) { quietly(() => fs.rmSync(door, { recursive: true })); quietly(() => fs.symlinkSync(outside, door)); quietly(() => fs.unlinkSync(door)); quietly(() => fs.mkdirSync(door + '/sub', { recursive: true })) }`
  const swapper = spawn(process.execPath, ['-e', swap, path.join(at.root, 'door'), at.outside], { stdio: 'ignore' })
  const ended = once(swapper, 'exit')
  const seen = new Set<string>()
  for (let turn = 0; turn < 600 || (seen.size < 2 && turn < 20_000); turn += 1) {
    const written = await files.write('door/sub/file.txt', bytes('x')).then(
      () => 'written',
      (error: unknown) => (error instanceof ToolError ? 'refused' : String(error)),
    )
    seen.add(written)
  }
  swapper.kill('SIGKILL')
  await ended
  expect([...seen].toSorted()).toEqual(['refused', 'written'])
  expect(await readdir(at.outside, { recursive: true })).toEqual(['secret.txt', 'sub'])
})

test('a file over the limit is told to be too large, one at the limit is read', async () => {
  await using dir = await tempDir()
  const at = await makeEscapePlaces(dir.path)
  const files = createFiles({ roots: [at.root], home: at.home, readBytes: 1000 })
  await files.write('full', Buffer.alloc(1000, 'a'))
  await files.write('over', Buffer.alloc(1001, 'a'))
  expect((await files.read('full')).length).toBe(1000)
  expect(await refusal(files.read('over'))).toBe('too_large')
})

test('listing, stat and remove tell what is there, and a read-only workspace changes nothing', async () => {
  await using dir = await tempDir()
  const at = await makeEscapePlaces(dir.path)
  const files = createFiles({ roots: [at.root], home: at.home })
  await files.write('sub/b.txt', bytes('four'))
  await symlink('b.txt', path.join(at.root, 'sub', 'a'))
  expect(await files.list('sub')).toEqual([
    { name: 'a', kind: 'symlink', size: 5 },
    { name: 'b.txt', kind: 'file', size: 4 },
  ])
  expect(await files.stat('sub/b.txt')).toMatchObject({ kind: 'file', size: 4 })
  expect(await files.stat('nothing')).toBeNull()
  expect(await refusal(files.remove('sub'))).toBe('refused')
  expect(await refusal(files.remove('.'))).toBe('refused')
  const still = createFiles({ roots: [at.root], home: at.home, rw: false })
  expect(await refusal(still.write('inside.txt', bytes('x')))).toBe('refused')
  expect(await refusal(still.remove('inside.txt'))).toBe('refused')
  await files.remove('sub/b.txt')
  expect(await files.stat('sub/b.txt')).toBeNull()
  expect(() => createFiles({ roots: [path.join(at.root, 'none')], home: at.home })).toThrow(ToolError)
})
