import { randomUUID } from 'node:crypto'
import { copyFile, lstat, realpath } from 'node:fs/promises'
import path from 'node:path'
import { createGit, filtersOff, GitError, names, withIndex, type Repository, type RunCommand } from './git.ts'
import { findRepository, makeShadow, shadowOf } from './repository.ts'

const mostMs = 30_000
const mostFiles = 20_000
const mostBytes = 500_000_000
const refOf = (commit: string) => `refs/steward/checkpoints/${commit}`
const isCommit = (text: string) => /^[0-9a-f]{40,64}$/.test(text)
interface Snapshot {
  readonly git: ReturnType<typeof createGit>
  readonly tree: string
}

const bounded = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(mostMs)])
const tooMuch = async (top: string, listed: readonly string[]): Promise<boolean> => {
  if (listed.length > mostFiles) return true
  let bytes = 0
  for (const name of listed) {
    const stats = await lstat(path.join(top, name)).catch(() => undefined)
    bytes += stats?.size ?? 0
    if (bytes > mostBytes) return true
  }
  return false
}
const keep = async ({ git, tree }: Snapshot, message: string, ref?: string): Promise<string> => {
  const commit = (await git.must('commit-tree', tree, '-m', message)).trim()
  await git.must('update-ref', ref ?? refOf(commit), commit)
  return commit
}
const differing = async ({ git, tree }: Snapshot, commit: string, prefix: string): Promise<string[]> => {
  const listed = names(await git.must('diff-tree', '-r', '-z', '--name-only', '--no-renames', '--no-ext-diff', tree, `${commit}^{tree}`))
  return listed.map((name) => (name.startsWith(prefix) ? name.slice(prefix.length) : name))
}

/**
 * The files of a workspace as they stood at one moment, kept by git's plumbing through an index of its own: the user's index, HEAD,
 * branches, stash and reflogs are never touched, no hook and no filter is run. In a repository the objects lie there, held by
 * `refs/steward/checkpoints/*`; elsewhere in a repository under STEWARD_HOME. Ignored files are neither recorded nor changed. What is
 * new to the recording is bounded: over 20,000 files or 500 MB nothing is recorded. Every verb ends within 30 s.
 */
export function createCheckpoints({ home, run }: { home: string; run: RunCommand }) {
  /** Where STEWARD_HOME lies within the workspace: its secrets are never recorded. */
  const withoutHome = async (repository: Repository): Promise<string[]> => {
    const inside = path.relative(repository.top, await realpath(home).catch(() => path.resolve(home)))
    if (inside === '' || inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside)) return []
    return [`:(exclude,top,literal)${inside.split(path.sep).join('/')}`]
  }
  /** The tree of the workspace as it is now, in `index`; undefined where it is too much to keep. */
  const snapshot = async (repository: Repository, index: string, signal: AbortSignal): Promise<Snapshot | undefined> => {
    const { top, prefix } = repository
    const filters = await filtersOff(run, repository, signal)
    const git = createGit(run, top, signal, repository, index, filters)
    // The user's index knows which files are unchanged. Where filters changed what it holds, everything is read anew.
    if (filters.length === 0) await copyFile(repository.index, index).catch(() => undefined)
    const here = prefix === '' ? ':(top)' : `:(top,literal)${prefix.slice(0, -1)}`
    if (prefix !== '')
      await git.must('rm', '-r', '-q', '-f', '--cached', '--ignore-unmatch', '--', ':(top)', `:(exclude,top,literal)${prefix.slice(0, -1)}`)
    const scope = [here, ...(await withoutHome(repository))]
    const fresh = names(await git.must('ls-files', '-z', '-o', '--exclude-standard', '--', ...scope))
    if (await tooMuch(top, fresh)) return undefined
    await git.must('add', '-A', '--', ...scope)
    return { git, tree: (await git.must('write-tree')).trim() }
  }
  /** The repository that holds a checkpoint: the workspace may have become one, or ceased to be one, since. */
  const holderOf = async (workspace: string, commit: string, signal: AbortSignal): Promise<Repository> => {
    if (!isCommit(commit)) throw new GitError('This is not the name of a checkpoint.')
    for (const repository of [await findRepository(run, workspace, signal), shadowOf(home, workspace)]) {
      if (!repository) continue
      const found = await createGit(run, workspace, signal, repository).raw('cat-file', '-e', `${commit}^{commit}`)
      if (found.exitCode === 0) return repository
    }
    throw new GitError('The checkpoint is not there any more.')
  }
  /** Opens a checkpoint beside the workspace's present state. Throws GitError where either cannot be read. */
  const beside = async <T>(
    workspace: string,
    commit: string,
    signal: AbortSignal,
    work: (now: Snapshot, changed: string[]) => Promise<T>,
  ): Promise<T> => {
    const repository = await holderOf(workspace, commit, signal)
    return withIndex(async (index) => {
      const now = await snapshot(repository, index, signal)
      if (!now) throw new GitError(`The workspace has over ${mostFiles} files or ${mostBytes / 1_000_000} MB that the checkpoint does not know.`)
      return work(now, await differing(now, commit, repository.prefix))
    })
  }
  return {
    /** Records the workspace; the name of the checkpoint, or null where it cannot be recorded: no git, too much, or git's refusal. Throws only when `signal` aborts. */
    async record(workspace: string, signal: AbortSignal): Promise<string | null> {
      try {
        const limit = bounded(signal)
        const folder = await realpath(workspace)
        const repository = (await findRepository(run, folder, limit)) ?? shadowOf(home, folder)
        if (repository.gitDir === shadowOf(home, folder).gitDir) await makeShadow(run, repository, limit)
        return await withIndex(async (index) => {
          const now = await snapshot(repository, index, limit)
          return now ? keep(now, `Checkpoint ${randomUUID()}`) : null
        })
      } catch {
        signal.throwIfAborted()
        return null
      }
    },
    /**
     * Brings the workspace back to a checkpoint and returns the paths that changed, relative to the workspace. Files made since are
     * removed, ignored ones stay. The state before is kept as `refs/steward/before-rewind`. Throws GitError, with nothing or a part
     * changed: calling again completes it.
     */
    async restore(workspace: string, commit: string, signal: AbortSignal): Promise<string[]> {
      const limit = bounded(signal)
      return beside(await realpath(workspace), commit, limit, async (now, changed) => {
        if (changed.length === 0) return []
        await keep(now, 'Before a rewind', 'refs/steward/before-rewind')
        await now.git.must('read-tree', '--reset', '-u', `${commit}^{tree}`)
        return changed
      })
    },
    /** The paths that differ between a checkpoint and now, relative to the workspace. Throws GitError. */
    async changed(workspace: string, commit: string, signal: AbortSignal): Promise<string[]> {
      return beside(await realpath(workspace), commit, bounded(signal), async (_now, changed) => changed)
    },
    /** Lets checkpoints go, so that git may forget their objects. What is not there is passed over. */
    async forget(workspace: string, commits: readonly string[], signal: AbortSignal): Promise<void> {
      const limit = bounded(signal)
      const folder = await realpath(workspace).catch(() => path.resolve(workspace))
      const inGit = await findRepository(run, folder, limit).catch(() => undefined)
      for (const repository of [inGit, shadowOf(home, folder)]) {
        if (!repository || (await lstat(repository.gitDir).catch(() => undefined)) === undefined) continue
        for (const commit of commits.filter(isCommit)) await createGit(run, repository.top, limit, repository).raw('update-ref', '-d', refOf(commit))
      }
    },
  }
}
export type Checkpoints = ReturnType<typeof createCheckpoints>
