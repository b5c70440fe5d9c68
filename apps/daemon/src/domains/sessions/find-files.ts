import { join } from 'node:path'
import { Fault } from '@steward/contract'
import { fileSelection, listFiles, type SearchContext } from '../../tools/files/ripgrep.ts'
import { ToolError } from '../../tools/tool.ts'
import { rankPaths } from './rank-paths.ts'

/** Who types waits for the answer: a folder that takes longer is too large to complete names in. */
const timeoutMs = 5_000

/**
 * The files of a workspace that fit a query, best first, at most `limit`, as the file tools see them: nothing outside of it, nothing that .gitignore
 * leaves out. Throws Fault `unprocessable` where the folder cannot be searched.
 */
export async function findFiles(
  folder: string,
  query: string,
  limit: number,
  context: SearchContext,
): Promise<{ items: { path: string }[]; complete: boolean }> {
  try {
    const { paths, complete } = await listFiles(fileSelection(false), folder, context, timeoutMs)
    const items: { path: string }[] = []
    // Some may lead outside or into a closed folder: there are more to take their places.
    for (const path of rankPaths(paths, query, limit * 2)) {
      if (items.length === limit) break
      const real = await context.files.resolve(join(folder, path), 'read').catch(() => null)
      if (real !== null) items.push({ path })
    }
    return { items, complete }
  } catch (error) {
    context.signal.throwIfAborted()
    if (error instanceof ToolError) throw new Fault('unprocessable', error.message, undefined, { cause: error })
    throw error
  }
}
