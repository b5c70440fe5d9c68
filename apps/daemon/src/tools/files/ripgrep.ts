import { rgPath } from '@vscode/ripgrep'
import { boundHead, headBytes } from '../bounds.ts'
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

const maxStdoutBytes = 16 * 1024 * 1024
const timeoutMs = 60_000

/**
 * Runs ripgrep read-only in a folder that is located already. Code 1 (nothing found) is an answer.
 * Throws ToolError when it timed out, was ended, or failed without any answer (a pattern it cannot read, for example).
 */
export const ripgrep = async (args: readonly string[], cwd: string, context: ToolContext): Promise<ProcessResult> => {
  const result = await context.processes.run(
    { command: [rgPath, ...args], cwd, timeoutMs, outputBytes: maxStdoutBytes, writable: [], network: false },
    context.signal,
  )
  if (result.timedOut) throw new ToolError('timed_out', 'The search took longer than a minute. Search a smaller folder.')
  if (result.exitCode === null) throw new ToolError('failed', `The search was ended by ${result.signal ?? 'the system'}.`)
  if (result.exitCode > 1 && result.stdout === '') throw new ToolError('invalid', `The search failed: ${boundHead(result.stderr.trim(), 1000)}`)
  /** Of an answer that was too long only the beginning counts, so that nothing is missing in the middle. */
  return result.droppedBytes === 0 ? result : { ...result, stdout: headBytes(result.stdout, maxStdoutBytes / 2 - 4096) }
}

/** The files ripgrep lists, relative to `cwd`, with `/`. `complete` is false when there were more than could be looked at. */
export const listFiles = async (args: readonly string[], cwd: string, context: ToolContext): Promise<{ paths: string[]; complete: boolean }> => {
  const { stdout, droppedBytes } = await ripgrep(['--files', '--null', ...args], cwd, context)
  const names = stdout.split('\0')
  names.pop()
  return {
    paths: names.map((name) => name.replaceAll('\\', process.platform === 'win32' ? '/' : '\\').replace(/^\.\//, '')),
    complete: droppedBytes === 0,
  }
}
