import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlace } from '../testing/place.ts'
import { diff } from './diff.ts'
import { log } from './log.ts'
import { show } from './show.ts'
import { parsedStatus, status } from './status.ts'

const repository = async (at = 'root', sandbox: 'auto' | 'off' = 'auto') => {
  const place = await createPlace({ sandbox })
  const folder = at === 'root' ? place.root : place.folder
  const env = { PATH: process.env['PATH'], HOME: place.folder, GIT_CONFIG_NOSYSTEM: '1' }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'init.defaultBranch=main', ...args], {
      cwd: folder,
      env,
      encoding: 'utf8',
    })
  git('init', '-q')
  await writeFile(join(folder, 'a.txt'), 'one\n')
  git('add', 'a.txt')
  git('commit', '-qm', 'First\n\nwith a body')
  return Object.assign(place, { git })
}

test('the status names the branch and every changed file', async () => {
  await using place = await repository()
  await writeFile(join(place.root, 'a.txt'), 'two\n')
  await writeFile(join(place.root, 'ä b.txt'), 'new')
  const { output, text } = await place.call(status, {})
  expect(text).toBe('On branch main\n M a.txt\n?? ä b.txt')
  expect(output).toMatchObject({ branch: 'main', upstream: null, total: 2, truncated: false })
  await place.call(status, {}, { cwd: join(place.root, '.') })
  expect(
    parsedStatus('# branch.oid (initial)\0# branch.head main\0# branch.ab +2 -1\x002 R. N... 1 1 1 a b R100 new name\0old name\0'),
  ).toMatchObject({
    head: null,
    ahead: 2,
    behind: 1,
    entries: [{ path: 'new name', from: 'old name', index: 'R', worktree: ' ' }],
  })
})

test('the diff shows what is not staged, what is staged, and what lies between revisions', async () => {
  await using place = await repository()
  expect((await place.call(diff, {})).text).toBe('There is no difference.')
  await writeFile(join(place.root, 'a.txt'), 'two\n')
  expect((await place.call(diff, {})).text).toContain('-one\n+two')
  place.git('add', 'a.txt')
  expect((await place.call(diff, {})).text).toBe('There is no difference.')
  expect((await place.call(diff, { staged: true, path: 'a.txt' })).text).toContain('+two')
  place.git('commit', '-qm', 'Second')
  expect((await place.call(diff, { from: 'HEAD~1', to: 'HEAD', summary: true })).text).toContain('1 file changed')
  await writeFile(join(place.root, 'a.txt'), 'long line\n'.repeat(5000))
  const long = await place.call(diff, {}, { outputBytes: 3000 })
  expect(Buffer.byteLength(long.text)).toBeLessThanOrEqual(3000)
  expect(long.text).toContain('[The diff is longer;')
})

test('the log and a commit are shown, and a file as it was', async () => {
  await using place = await repository()
  await writeFile(join(place.root, 'a.txt'), 'two\n')
  place.git('commit', '-qam', 'Second')
  const { output } = await place.call(log, { limit: 1 })
  expect(output).toMatchObject({ truncated: true, commits: [{ author: 'Ada', email: 'ada@example.com', subject: 'Second', body: '' }] })
  expect((await place.call(log, { search: 'BODY' })).output).toMatchObject({ truncated: false, commits: [{ subject: 'First', body: 'with a body' }] })
  expect((await place.call(show, {})).text).toContain('+two')
  expect((await place.call(show, { ref: 'HEAD~1', path: 'a.txt', content: true })).text).toBe('one\n')
})

test('a revision that is an option is refused, an unknown one is named, and no repository is said', async () => {
  await using place = await repository()
  expect(log.inputs.safeParse({ ref: '--output=/tmp/x' }).success).toBe(false)
  expect(diff.inputs.safeParse({ from: '-O/etc/passwd' }).success).toBe(false)
  expect(show.inputs.safeParse({ ref: '--ext-diff' }).success).toBe(false)
  await expect(place.call(show, { ref: 'nope' })).rejects.toMatchObject({ code: 'not_found' })
  await rm(join(place.root, '.git'), { recursive: true })
  await expect(place.call(status, {})).rejects.toThrow('The working folder is not in a git repository.')
})

test('no program that the repository configures is run by reading it', async () => {
  await using place = await repository('root', 'off')
  const mark = join(place.root, 'ran')
  const evil = `sh -c 'touch ${mark}; cat'`
  for (const key of [
    'core.fsmonitor',
    'diff.external',
    'core.pager',
    'diff.evil.textconv',
    'diff.evil.command',
    'filter.evil=x.clean',
    'filter.evil=x.process',
    'filter.evil=x.smudge',
    'gpg.program',
    'core.sshCommand',
  ])
    place.git('config', key, evil)
  place.git('config', 'log.showSignature', 'true')
  place.git('config', 'filter.evil=x.required', 'true')
  await mkdir(join(place.root, '.git/hooks'), { recursive: true })
  await writeFile(join(place.root, '.git/hooks/post-index-change'), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 })
  await writeFile(join(place.root, '.gitattributes'), '* diff=evil filter=evil=x\n')
  await writeFile(join(place.root, 'a.txt'), 'two\n')
  for (const tool of [status, diff, log, show]) await tool.run({}, place.context())
  expect(existsSync(mark)).toBe(false)
  expect((await place.call(diff, {})).text).toContain('+two')
})

test('a repository that reaches outside the workspace is refused', async () => {
  await using place = await repository('outside', 'off')
  await expect(place.call(log, {})).rejects.toMatchObject({ code: 'outside_workspace', message: expect.stringContaining('top folder') })
  await writeFile(join(place.root, '.git'), `gitdir: ${place.folder}/.git\n`)
  await expect(place.call(show, {})).rejects.toMatchObject({ code: 'outside_workspace' })
})
