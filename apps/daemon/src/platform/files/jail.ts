import { realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { ToolError } from '../../tools/tool.ts'
import { followPath, isWithin } from './real-path.ts'
import type { RealPath } from './real-path.ts'

export interface Jail {
  readonly roots: readonly string[]
  /** Follows the path and refuses it unless it ends under a root and outside of STEWARD_HOME. Relative paths start at the first root. */
  enter(path: string): Promise<RealPath>
}

/** Process tables tell secrets of every program of this user, so no root opens them. */
const closedTrees = ['/proc']

/**
 * The walls around a workspace's folders. The roots must exist (ToolError `not_found`); they are resolved through symlinks once, here.
 * STEWARD_HOME is recognised by its name and by its inode, so also under another spelling or mount, and is closed even below a root.
 */
export function createJail(rootPaths: readonly string[], home: string): Jail {
  const roots = rootPaths.map((root) => {
    try {
      return realpathSync(root)
    } catch (error) {
      throw new ToolError('not_found', `The workspace folder "${root}" does not exist or cannot be opened.`, { cause: error })
    }
  })
  const first = roots[0]
  if (first === undefined) throw new ToolError('invalid', 'A workspace needs at least one folder.')
  return {
    roots,
    async enter(asked) {
      if (asked === '') throw new ToolError('invalid', 'The path is empty.')
      if (asked.includes('\0')) throw new ToolError('invalid', 'The path has a NUL character in it.')
      // Joined as text: path.resolve would drop `..` before the symlinks in front of it are followed.
      const real = await followPath(path.isAbsolute(asked) ? asked : first + path.sep + asked)
      const closed = [...closedTrees, path.resolve(home), resolved(home)]
      const homeStats = statSync(home, { throwIfNoEntry: false })
      const isHome = (stats: { dev: number; ino: number }): boolean => stats.dev === homeStats?.dev && stats.ino === homeStats.ino
      if (!roots.some((root) => isWithin(real.path, root))) {
        throw new ToolError('outside_workspace', `"${asked}" leads to "${real.path}", outside of the workspace (${roots.join(', ')}).`)
      }
      if (closed.some((tree) => isWithin(real.path, tree)) || real.existing.some(({ stats }) => isHome(stats))) {
        throw new ToolError('refused', `"${asked}" leads into a folder that is closed to tools.`)
      }
      return real
    },
  }
}

function resolved(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return path.resolve(folder)
  }
}
