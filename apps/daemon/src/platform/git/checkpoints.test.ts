import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createCheckpoints } from './checkpoints.ts'
import type { RunCommand } from './git.ts'
import { createGitRunner } from './run-git.ts'

let base = ''
let home = ''
let work = ''
const signal = new AbortController().signal
const clean = () => ({ PATH: process.env['PATH'] ?? '', HOME: base })
const run: RunCommand = (command, cwd, env, aborted) => createGitRunner(clean())(command, cwd, env, aborted)
const withoutGit: RunCommand = (command, cwd, env, aborted) => run(['git-is-not-here', ...command.slice(1)], cwd, env, aborted)
const git = (...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...words], {
    cwd: work,
    env: clean(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
const write = (name: string, text: string) => {
  mkdirSync(path.dirname(path.join(work, name)), { recursive: true })
  writeFileSync(path.join(work, name), text)
}
const read = (name: string) => readFileSync(path.join(work, name), 'utf8')
const has = (name: string) => existsSync(path.join(work, name))
/** Every file of the repository's own data but its objects and our references. */
const gitData = (folder = path.join(work, '.git')): Record<string, string> => {
  const all: Record<string, string> = {}
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name)
    const name = path.relative(folder, file)
    if (entry.isFile() && !/^(objects|refs\/steward)\//.test(name)) all[name] = readFileSync(file).toString('base64')
  }
  return all
}
const checkpoints = () => createCheckpoints({ home, run })
const record = async () => {
  const commit = await checkpoints().record(work, signal)
  if (commit === null) throw new Error('Nothing was recorded.')
  return commit
}
beforeEach(() => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), 'steward-checkpoints-')))
  home = path.join(base, 'home')
  work = path.join(base, 'work')
  mkdirSync(home)
  mkdirSync(work)
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

describe('in a repository', () => {
  beforeEach(() => {
    git('init', '-q', '-b', 'main')
    write('.gitignore', 'ignored/\n*.log\n')
    write('kept.txt', 'one\n')
    write('gone.txt', 'to be deleted\n')
    git('add', '-A')
    git('commit', '-qm', 'first')
  })
  test('a rewound workspace has its files back, and the user sees nothing of it in git', async () => {
    write('kept.txt', 'staged\n')
    git('add', 'kept.txt')
    write('kept.txt', 'edited after staging\n')
    write('untracked.txt', 'mine\n')
    write('ignored/cache', 'cache\n')
    for (const hook of ['post-index-change', 'post-checkout', 'reference-transaction', 'pre-commit']) {
      write(`.git/hooks/${hook}`, `#!/bin/sh\ntouch ${base}/hook-ran\n`)
      chmodSync(path.join(work, '.git/hooks', hook), 0o755)
    }
    git('config', 'core.fsmonitor', `touch ${base}/hook-ran`)
    const index = () => readFileSync(path.join(work, '.git/index'))
    const before = { data: gitData(), index: index() }
    const commit = await record()
    write('kept.txt', 'by the agent\n')
    rmSync(path.join(work, 'gone.txt'))
    write('new/made.txt', 'by the agent\n')
    write('ignored/cache', 'changed\n')
    expect((await checkpoints().changed(work, commit, signal)).toSorted()).toEqual(['gone.txt', 'kept.txt', 'new/made.txt'])
    expect((await checkpoints().restore(work, commit, signal)).toSorted()).toEqual(['gone.txt', 'kept.txt', 'new/made.txt'])
    expect([read('kept.txt'), read('gone.txt'), read('untracked.txt'), read('ignored/cache'), has('new')]).toEqual([
      'edited after staging\n',
      'to be deleted\n',
      'mine\n',
      'changed\n',
      false,
    ])
    expect(gitData()).toEqual(before.data)
    expect(index().equals(before.index)).toBe(true)
    expect(existsSync(`${base}/hook-ran`)).toBe(false)
    git('config', '--unset', 'core.fsmonitor')
    expect(git('status', '--porcelain')).toBe('MM kept.txt\n?? untracked.txt\n')
    expect(git('show', 'refs/steward/before-rewind:kept.txt')).toBe('by the agent\n')
  })
  test('git status, branch, stash and reflog read the same before and after', async () => {
    write('kept.txt', 'stashed\n')
    git('stash')
    write('kept.txt', 'two\n')
    const seen = () => [
      git('status', '--porcelain=v2', '--branch'),
      git('branch', '-a'),
      git('reflog', '--all'),
      git('stash', 'list'),
      git('rev-parse', 'HEAD'),
    ]
    const before = seen()
    const commit = await record()
    expect(seen()).toEqual(before)
    write('kept.txt', 'three\n')
    await checkpoints().restore(work, commit, signal)
    expect(seen()).toEqual(before)
  })
  test('odd names, symlinks and executable bits come back as they were', async () => {
    const odd = ['with space.txt', 'new\nline.txt', '"quoted".txt', 'ünïcødé-日本.txt', '-dash.txt', ':(top)magic', 'glob*[x]?.txt', '\\back']
    for (const name of odd) write(name, `text of ${name}`)
    symlinkSync('kept.txt', path.join(work, 'link'))
    write('run.sh', '#!/bin/sh\n')
    chmodSync(path.join(work, 'run.sh'), 0o755)
    const commit = await record()
    for (const name of odd) rmSync(path.join(work, name))
    rmSync(path.join(work, 'link'))
    write('link', 'now a file')
    chmodSync(path.join(work, 'run.sh'), 0o644)
    rmSync(path.join(work, 'kept.txt'))
    write('kept.txt/inside', 'now a folder')
    const changed = await checkpoints().restore(work, commit, signal)
    expect(odd.map(read)).toEqual(odd.map((name) => `text of ${name}`))
    expect([readlinkSync(path.join(work, 'link')), statSync(path.join(work, 'run.sh')).mode & 0o111, read('kept.txt')]).toEqual([
      'kept.txt',
      0o111,
      'one\n',
    ])
    expect(changed).toEqual(expect.arrayContaining([...odd, 'link', 'run.sh']))
  })
  test('a workspace below the top is recorded and restored alone', async () => {
    write('packages/a/file.txt', 'a\n')
    write('packages/ab/file.txt', 'ab\n')
    git('add', '-A')
    git('commit', '-qm', 'second')
    const sub = path.join(work, 'packages/a')
    const before = gitData()
    const commit = await checkpoints().record(sub, signal)
    write('packages/a/file.txt', 'changed\n')
    write('packages/a/made.txt', 'made\n')
    write('packages/a/noise.log', 'ignored by the top\n')
    write('packages/ab/file.txt', 'kept change\n')
    expect((await checkpoints().restore(sub, commit ?? '', signal)).toSorted()).toEqual(['file.txt', 'made.txt'])
    expect([read('packages/a/file.txt'), has('packages/a/made.txt'), has('packages/a/noise.log'), read('packages/ab/file.txt')]).toEqual([
      'a\n',
      false,
      true,
      'kept change\n',
    ])
    expect(gitData()).toEqual(before)
  })
  test('a filter that the repository names is not run, and its files come back byte for byte', async () => {
    git('config', 'filter.a=b.clean', `sh -c 'touch ${base}/filter-ran; tr a-z A-Z'`)
    git('config', 'filter.a=b.smudge', `sh -c 'touch ${base}/filter-ran; cat'`)
    write('.gitattributes', '*.txt filter=a=b\n')
    write('kept.txt', 'lower\n')
    const commit = await record()
    write('kept.txt', 'other\n')
    await checkpoints().restore(work, commit, signal)
    expect([read('kept.txt'), existsSync(`${base}/filter-ran`)]).toEqual(['lower\n', false])
  })
  test('the data folder is never recorded, even when it lies in the workspace', async () => {
    home = path.join(work, '.steward')
    write('.steward/run/token', 'secret')
    const commit = await record()
    expect(git('ls-tree', '-r', '--name-only', commit)).not.toContain('.steward')
    write('.steward/run/token', 'newer')
    write('kept.txt', 'x')
    expect(await checkpoints().restore(work, commit, signal)).toEqual(['kept.txt'])
    expect(read('.steward/run/token')).toBe('newer')
  })
  test('a merge that stopped at a conflict stays as it was for the user', async () => {
    git('checkout', '-qb', 'other')
    write('kept.txt', 'theirs\n')
    git('commit', '-qam', 'theirs')
    git('checkout', '-q', 'main')
    write('kept.txt', 'ours\n')
    git('commit', '-qam', 'ours')
    expect(() => git('merge', 'other')).toThrow('merge other')
    const before = { data: gitData(), text: read('kept.txt') }
    const commit = await record()
    write('kept.txt', 'resolved by the agent\n')
    expect(await checkpoints().restore(work, commit, signal)).toEqual(['kept.txt'])
    expect({ data: gitData(), text: read('kept.txt') }).toEqual(before)
    expect(git('status', '--porcelain')).toBe('UU kept.txt\n')
  })
  test('a repository within the workspace keeps its own files and history', async () => {
    mkdirSync(path.join(work, 'inner'))
    execFileSync('git', ['init', '-q'], { cwd: path.join(work, 'inner'), env: clean() })
    write('inner/a.txt', 'one')
    const inner = ['-c', 'user.name=A', '-c', 'user.email=a@example.org']
    execFileSync('git', ['add', '-A'], { cwd: path.join(work, 'inner'), env: clean() })
    execFileSync('git', [...inner, 'commit', '-qm', 'inner'], { cwd: path.join(work, 'inner'), env: clean() })
    const before = gitData(path.join(work, 'inner/.git'))
    const commit = await record()
    write('inner/a.txt', 'two')
    write('kept.txt', 'two')
    expect(await checkpoints().restore(work, commit, signal)).toEqual(['kept.txt'])
    expect([read('inner/a.txt'), read('kept.txt')]).toEqual(['two', 'one\n'])
    expect(gitData(path.join(work, 'inner/.git'))).toEqual(before)
  })
  test('a checkpoint that was let go cannot be restored by its reference any more', async () => {
    const commit = await record()
    expect(git('for-each-ref', 'refs/steward/checkpoints')).toContain(commit)
    await checkpoints().forget(work, [commit], signal)
    expect(git('for-each-ref', 'refs/steward/checkpoints')).toBe('')
  })
})
test('a repository without a first commit is recorded too', async () => {
  git('init', '-q', '-b', 'main')
  write('a.txt', 'one')
  const commit = await record()
  write('a.txt', 'two')
  write('b.txt', 'new')
  expect((await checkpoints().restore(work, commit, signal)).toSorted()).toEqual(['a.txt', 'b.txt'])
  expect([read('a.txt'), has('b.txt'), git('status', '--porcelain'), has('.git/index')]).toEqual(['one', false, '?? a.txt\n', false])
})
test('an empty folder is recorded, and what was made in it since goes', async () => {
  const commit = await record()
  write('deep/er/file', 'x')
  await checkpoints().restore(work, commit, signal)
  expect(readdirSync(work)).toEqual([])
})
test('a folder that is no repository is kept in the data folder and gets no .git', async () => {
  write('a.txt', 'one')
  write('node_modules/dep/index.js', 'dep')
  const commit = await record()
  write('a.txt', 'two')
  write('b.txt', 'new')
  write('node_modules/dep/index.js', 'other')
  expect((await checkpoints().restore(work, commit, signal)).toSorted()).toEqual(['a.txt', 'b.txt'])
  expect([read('a.txt'), has('b.txt'), has('.git'), read('node_modules/dep/index.js')]).toEqual(['one', false, false, 'other'])
  expect(readdirSync(path.join(home, 'checkpoints'))).toHaveLength(1)
  expect(lstatSync(path.join(home, 'checkpoints')).mode & 0o077).toBe(0)
})
test('a folder that became a repository since can still be taken back', async () => {
  write('a.txt', 'one')
  const commit = await record()
  git('init', '-q')
  write('a.txt', 'two')
  expect(await checkpoints().restore(work, commit, signal)).toEqual(['a.txt'])
  expect(read('a.txt')).toBe('one')
})
test('over 20,000 files nothing is recorded', { timeout: 60_000 }, async () => {
  for (let folder = 0; folder < 21; folder++) for (let file = 0; file < 1_000; file++) write(`${folder}/${file}`, '')
  expect(await checkpoints().record(work, signal)).toBeNull()
})
test('without git on the machine nothing is recorded', async () => {
  expect(await createCheckpoints({ home, run: withoutGit }).record(work, signal)).toBeNull()
})
test('a checkpoint that is not there is refused with a sentence and changes nothing', async () => {
  write('a.txt', 'one')
  await expect(checkpoints().restore(work, 'a'.repeat(40), signal)).rejects.toThrow('The checkpoint is not there any more.')
  await expect(checkpoints().restore(work, '--upload-pack=x', signal)).rejects.toThrow('not the name of a checkpoint')
  expect(read('a.txt')).toBe('one')
})
test('a caller that gives up ends the recording', async () => {
  await expect(checkpoints().record(work, AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up')
})
