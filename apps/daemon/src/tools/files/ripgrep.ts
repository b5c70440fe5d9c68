import { join, relative, sep } from 'node:path'
import { rgPath } from '@vscode/ripgrep'
import { boundHead, headBytes } from '../bounds.ts'
import { rootOf } from '../locate.ts'
import { type ProcessResult, type ToolContext, ToolError } from '../tool.ts'

/** Folders nobody looks for by accident. Build folders are left to .gitignore: their names are often those of real sources. */
export const usualExcludes: readonly string[] = [
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  '__pycache__',
  '.venv',
  '.tox',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.next',
  '.turbo',
  '.gradle',
  '.DS_Store',
]

/** Arguments that decide which files ripgrep looks at: hidden ones too, but not what .gitignore (also outside a repository) or the usual list leaves out. */
export const fileSelection = (includeIgnored: boolean): string[] => [
  '--no-config',
  '--hidden',
  ...(includeIgnored ? ['--no-ignore'] : ['--no-require-git', '--no-ignore-global']),
  ...(includeIgnored ? ['.git'] : usualExcludes).flatMap((name) => ['--glob', `!${name}`]),
]

/** What a search needs of its surroundings. */
export type SearchContext = Pick<ToolContext, 'files' | 'processes' | 'signal'>
const maxStdoutBytes = 16 * 1024 * 1024
const patienceMs = 60_000

/**
 * Runs ripgrep read-only on a file or folder that is located already. It starts at the workspace's root, so that ignore files above count; the paths
 * it answers with are relative to that root. Code 1 (nothing found) is an answer.
 * Throws ToolError when it timed out, was ended, or failed without any answer (a pattern it cannot read, for example).
 */
export const ripgrep = async (args: readonly string[], path: string, context: SearchContext, timeoutMs = patienceMs): Promise<ProcessResult> => {
  const cwd = rootOf(path, context.files)
  const result = await context.processes.run(
    {
      command: [rgPath, ...args, '--', join(`.${sep}`, relative(cwd, path)) || '.'],
      cwd,
      timeoutMs,
      outputBytes: maxStdoutBytes,
      writable: [],
      network: false,
    },
    context.signal,
  )
  context.signal.throwIfAborted()
  if (result.timedOut) throw new ToolError('timed_out', `The search took longer than ${timeoutMs / 1000} seconds. Search a smaller folder.`)
  if (result.exitCode === null) throw new ToolError('failed', `The search was ended by ${result.signal ?? 'the system'}.`)
  /** Words that are not ripgrep's own come from what should have started it: its silence is no "nothing found". */
  const notStarted = result.stdout === '' && result.stderr !== '' && !/^rg: /m.test(result.stderr)
  if (result.exitCode !== 0 && notStarted) throw new ToolError('failed', `The search could not be started: ${boundHead(result.stderr.trim(), 1000)}`)
  if (result.exitCode > 1 && result.stdout === '') throw new ToolError('invalid', `The search failed: ${boundHead(result.stderr.trim(), 1000)}`)
  /** Of an answer that was too long only the beginning counts, so that nothing is missing in the middle. */
  return result.droppedBytes === 0 ? result : { ...result, stdout: headBytes(result.stdout, maxStdoutBytes / 2 - 4096) }
}

/** A path of ripgrep's answer, absolute. */
export const answeredPath = (name: string, searched: string, context: Pick<ToolContext, 'files'>): string =>
  join(rootOf(searched, context.files), name)

/** The files ripgrep lists, relative to the folder, with `/`. `complete` is false when there were more than could be looked at. */
export const listFiles = async (
  args: readonly string[],
  folder: string,
  context: SearchContext,
  timeoutMs = patienceMs,
): Promise<{ paths: string[]; complete: boolean }> => {
  const { stdout, droppedBytes } = await ripgrep(['--files', '--null', ...args], folder, context, timeoutMs)
  const names = stdout.split('\0')
  names.pop()
  const paths = names.map((name) => relative(folder, answeredPath(name, folder, context)).replaceAll(sep, '/'))
  return { paths, complete: droppedBytes === 0 }
}
