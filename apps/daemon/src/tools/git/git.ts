import { relative, sep } from 'node:path'
import { z } from 'zod'
import { boundHead } from '../bounds.ts'
import { locate, rootOf } from '../locate.ts'
import { type ProcessResult, type ToolContext, ToolError } from '../tool.ts'

/** A commit, branch, tag or expression such as `HEAD~2`; never an option. */
export const Ref = z
  .string()
  .min(1)
  .max(300)
  .refine((ref) => !ref.startsWith('-'), 'A revision must not begin with "-".')
  .refine((ref) => !/[\0\n]/.test(ref), 'A revision must be one line.')

/**
 * A repository's own configuration may name programs to run; reading must never run them. So: no pager, hooks, file monitor, external diff,
 * signature check or network, and (in `filterEnvironment`) no content filter.
 */
const hardened: readonly string[] = [
  '--no-pager',
  '--no-optional-locks',
  '--literal-pathspecs',
  ...[
    'core.fsmonitor=',
    'core.hooksPath=/dev/null',
    'diff.external=',
    'log.showSignature=false',
    'protocol.allow=never',
    'submodule.recurse=false',
    'diff.submodule=short',
    'core.quotePath=false',
    'color.ui=false',
  ].flatMap((setting) => ['-c', setting]),
]
const environment = { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'none', GIT_NO_LAZY_FETCH: '1' }
/** What a diff may not do: run the programs that attributes and configuration name. */
export const plainDiff: readonly string[] = ['--no-ext-diff', '--no-textconv', '--no-color']
const timeoutMs = 30_000

const spawned = async (
  args: readonly string[],
  context: ToolContext,
  outputBytes: number,
  env: Readonly<Record<string, string>>,
): Promise<ProcessResult> => {
  const folder = await locate('.', context, 'read')
  const command = ['git', '-C', folder, ...hardened, ...args]
  const request = {
    command,
    cwd: rootOf(folder, context.files),
    env: { ...environment, ...env },
    timeoutMs,
    outputBytes,
    writable: [],
    network: false,
  }
  const result = await context.processes.run(request, context.signal)
  context.signal.throwIfAborted()
  return result
}

const checked = (result: ProcessResult, what: string): ProcessResult => {
  if (result.timedOut) throw new ToolError('timed_out', `git ${what} took longer than 30 seconds. Narrow it down to a path.`)
  if (result.exitCode === 0) return result
  const words = boundHead(result.stderr.trim().replace(/^fatal: /, ''), 2000)
  if (/not a git repository/.test(words)) throw new ToolError('not_found', 'The working folder is not in a git repository.')
  if (/unknown revision|bad revision|invalid object name|ambiguous argument/.test(words))
    throw new ToolError('not_found', `git does not know that revision or path: ${words}`)
  throw new ToolError('failed', `git ${what} failed${result.exitCode === null ? '' : ` with exit code ${result.exitCode}`}: ${words}`)
}

/** Settings, as environment variables, that empty every content filter the repository configures: git would run them on changed files. */
const filterEnvironment = async (context: ToolContext): Promise<Record<string, string>> => {
  const { stdout, droppedBytes } = await spawned(['config', '-z', '--name-only', '--get-regexp', '^filter\\.'], context, 64 * 1024, {})
  if (droppedBytes > 0) throw new ToolError('refused', 'The repository configures too many content filters to be read safely.')
  const filters = new Set(stdout.split('\0').flatMap((key) => (key.startsWith('filter.') ? [key.slice(0, key.lastIndexOf('.'))] : [])))
  const settings = [...filters].flatMap((filter) => [
    [`${filter}.clean`, ''] as const,
    [`${filter}.smudge`, ''] as const,
    [`${filter}.process`, ''] as const,
    [`${filter}.required`, 'false'] as const,
  ])
  const pairs = settings.flatMap(([key, value], index) => [[`GIT_CONFIG_KEY_${index}`, key] as const, [`GIT_CONFIG_VALUE_${index}`, value] as const])
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(pairs) }
}

export interface Repository {
  /** Its top folder, which lies in the workspace. */
  readonly top: string
  /** Runs a reading git command in the call's folder. Throws ToolError when it fails. */
  git(args: readonly string[], outputBytes: number): Promise<ProcessResult>
  /** A path of the workspace as git knows it, relative to the top folder. */
  inside(path: string): Promise<string>
}

/**
 * The repository around the call's folder. Throws ToolError where there is none, and where its files or its store lie outside the workspace:
 * they could show what the workspace's walls hide.
 */
export const openRepository = async (context: ToolContext): Promise<Repository> => {
  const { stdout } = checked(
    await spawned(['rev-parse', '--show-toplevel', '--absolute-git-dir', '--git-common-dir'], context, 16 * 1024, {}),
    'rev-parse',
  )
  const [top = '', store = '', shared = ''] = stdout.split('\n')
  for (const folder of [top, store, shared]) {
    await locate(folder, context, 'read').catch((error: unknown) => {
      throw new ToolError(
        'outside_workspace',
        `The repository reaches outside the workspace (${folder}). Open the session in its top folder to use git.`,
        { cause: error },
      )
    })
  }
  const filters = await filterEnvironment(context)
  return {
    top,
    git: async (args, outputBytes) => checked(await spawned(args, context, outputBytes, filters), args[0] ?? ''),
    inside: async (path) => relative(top, await locate(path, context, 'read')).replaceAll(sep, '/'),
  }
}

/** The end of a command line that limits it to a path. */
export const limitedTo = async (path: string | undefined, context: ToolContext): Promise<string[]> =>
  path === undefined ? ['--'] : ['--', await locate(path, context, 'read')]
