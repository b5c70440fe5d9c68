import path from 'node:path'
import { followPath } from '../../platform/files/real-path.ts'
import { wordPaths } from '../../tools/permissions/read-only-commands.ts'
import type { ShellReading } from '../../tools/permissions/shell-reading.ts'
import type { Target } from '../../tools/tool.ts'

/**
 * The paths that a line's words may name, followed through links as the kernel would: a word that stays in the workspace by its text may
 * leave it by a link. What cannot be followed stands as it is written; the command could not follow it either. Never throws.
 */
export async function shellTargets({ commands }: ShellReading, cwd: string): Promise<Target[]> {
  const follow = (file: string) =>
    followPath(file).then(
      (real) => real.path,
      () => path.resolve(file),
    )
  const found = await Promise.all(wordPaths(commands, cwd).map(follow))
  return [...new Set(found)].map((file) => ({ kind: 'path', path: file, access: 'read' }))
}
