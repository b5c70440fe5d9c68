import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface CommandResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}
/** Runs a command to its end. `env` is added to a clean environment. Rejects when it cannot be started or `signal` aborts. */
export type RunCommand = (
  command: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<CommandResult>
/** One repository as git is to see it: where its data and its files lie. `prefix` is the workspace within `top`, empty or ending in a slash. */
export interface Repository {
  readonly gitDir: string
  readonly top: string
  readonly prefix: string
  /** The user's own index; only ever copied. */
  readonly index: string
}
export class GitError extends Error {
  override readonly name = 'GitError'
}

/** Nothing of the user's or of the repository's configuration may start a program or write where it was not asked to. */
const calm = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.splitIndex=false',
  'core.logAllRefUpdates=false',
  'core.safecrlf=false',
  'commit.gpgsign=false',
  'submodule.recurse=false',
  'diff.ignoreSubmodules=dirty',
  'advice.addEmbeddedRepo=false',
  'gc.auto=0',
]
const identity = {
  GIT_AUTHOR_NAME: 'Steward',
  GIT_AUTHOR_EMAIL: 'steward@localhost',
  GIT_COMMITTER_NAME: 'Steward',
  GIT_COMMITTER_EMAIL: 'steward@localhost',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: 'none', // objects that are missing are not fetched: a remote's address can name a program too
  GIT_NO_LAZY_FETCH: '1',
  LC_ALL: 'C',
}
/** Git in one repository. Every verb throws GitError with git's own words when git fails. */
export function createGit(
  run: RunCommand,
  cwd: string,
  signal: AbortSignal,
  repository?: Repository,
  index?: string,
  more: readonly (readonly [string, string])[] = [],
) {
  const flags = calm.flatMap((setting) => ['-c', setting])
  const env = {
    ...identity,
    // By environment, since a key may have `=` in it.
    GIT_CONFIG_COUNT: String(more.length),
    ...Object.fromEntries(
      more.flatMap(([key, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, key],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
    ...(repository ? { GIT_DIR: repository.gitDir, GIT_WORK_TREE: repository.top } : {}),
    ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
  }
  const raw = (...words: string[]) => run(['git', ...flags, ...words], cwd, env, signal)
  return {
    raw,
    async must(...words: string[]): Promise<string> {
      const { exitCode, stdout, stderr } = await raw(...words)
      if (exitCode !== 0) throw new GitError(`git ${words[0] ?? ''} failed: ${stderr.trim().slice(0, 500) || `exit code ${exitCode}`}`)
      return stdout
    },
  }
}
/** The lines of an output that ends each with NUL. */
export const names = (stdout: string): string[] => stdout.split('\0').filter((name) => name !== '')

const off = [
  ['clean', ''],
  ['smudge', ''],
  ['process', ''],
  ['required', 'false'],
] as const
/**
 * Settings that switch every configured content filter (`filter.*`) off: a filter is a program that the repository's configuration names,
 * and whoever may write the workspace may write that.
 */
export async function filtersOff(run: RunCommand, repository: Repository, signal: AbortSignal): Promise<(readonly [string, string])[]> {
  const { stdout } = await createGit(run, repository.top, signal, repository).raw('config', '-z', '--name-only', '--get-regexp', '^filter\\.')
  const drivers = new Set(names(stdout).map((key) => key.slice('filter.'.length, key.lastIndexOf('.'))))
  return [...drivers].flatMap((driver) => off.map(([key, value]) => [`filter.${driver}.${key}`, value] as const))
}
/** Runs `work` with a fresh path for an index that is not the user's, and removes it afterwards. */
export async function withIndex<T>(work: (index: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'steward-index-'))
  try {
    return await work(path.join(folder, 'index'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
