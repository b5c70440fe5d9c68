import path from 'node:path'
import type { Target } from '../tool.ts'
import { wordPaths } from './read-only-commands.ts'
import type { ShellReading } from './shell-reading.ts'

/** The path with every link of it followed. Rejects where that cannot be done. */
export type FollowPath = (file: string) => Promise<{ readonly path: string }>

/**
 * The paths that a line's words may name, followed through links as the kernel would: a word that stays in the workspace by its text may
 * leave it by a link. What cannot be followed stands as it is written; the command could not follow it either. Never throws.
 */
export async function shellTargets({ commands }: ShellReading, cwd: string, followPath: FollowPath): Promise<Target[]> {
  const follow = (file: string) =>
    followPath(file).then(
      (real) => real.path,
      () => path.resolve(file),
    )
  const found = await Promise.all(wordPaths(commands, cwd).map(follow))
  return [...new Set(found)].map((file) => ({ kind: 'path', path: file, access: 'read' }))
}
