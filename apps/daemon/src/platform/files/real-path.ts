import type { Stats } from 'node:fs'
import { lstat, readlink } from 'node:fs/promises'
import path from 'node:path'
import { ToolError } from '../../tools/tool.ts'

/** A path followed through every symlink. `existing` are the parts that are there, from the top; `missing` the names that are not there yet. */
export interface RealPath {
  readonly path: string
  readonly existing: readonly { readonly path: string; readonly stats: Stats }[]
  readonly missing: readonly string[]
}

/** As Linux counts (path_resolution(7)). */
const mostLinks = 40

const split = (text: string): string[] => text.split(path.sep).filter((name) => name !== '' && name !== '.')

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/**
 * Follows an absolute path as the kernel would (path_resolution(7)): `..` is the parent of where a symlink led to, a dangling symlink
 * leads to its missing target. Unlike realpath(3) it also answers for paths that are not there yet; behind a missing name `..` is
 * refused, as it would mean another place once the folder exists. Throws ToolError `invalid` or `not_found`, or `refused` where it may not look.
 */
export async function followPath(absolute: string): Promise<RealPath> {
  const root = path.parse(absolute).root
  const todo = split(absolute.slice(root.length)).toReversed()
  const existing: { path: string; stats: Stats }[] = []
  const missing: string[] = []
  let links = 0
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (missing.length > 0) {
      if (name === '..') throw new ToolError('invalid', `"${absolute}" goes up (..) out of a folder that does not exist. Give the path without "..".`)
      missing.push(name)
      continue
    }
    if (name === '..') {
      existing.pop()
      continue
    }
    const here = path.join(existing.at(-1)?.path ?? root, name)
    const stats = await lstat(here).catch((error: unknown) => {
      if (reason(error) === 'ENOENT') return null
      if (reason(error) === 'ENOTDIR') throw new ToolError('not_found', `"${path.dirname(here)}" is a file, not a folder.`)
      if (reason(error) === 'ENAMETOOLONG') throw new ToolError('invalid', `The name "${name.slice(0, 60)}…" is longer than the disk allows.`)
      throw new ToolError('refused', `"${here}" cannot be looked at (${reason(error)}).`, { cause: error })
    })
    if (stats === null) missing.push(name)
    else if (stats.isSymbolicLink()) {
      if (++links > mostLinks) throw new ToolError('invalid', `"${absolute}" goes through more than ${mostLinks} symbolic links.`)
      const target = await readlink(here).catch((error: unknown) => {
        throw new ToolError('refused', `"${here}" was replaced while it was being followed. Try again.`, { cause: error })
      })
      if (path.isAbsolute(target)) existing.length = 0
      todo.push(...split(target).toReversed())
    } else existing.push({ path: here, stats })
  }
  return { path: path.join(existing.at(-1)?.path ?? root, ...missing), existing, missing }
}

/** Whether `inner` is `outer` or lies under it. Both absolute and normalised. */
export function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith(path.sep) ? outer : outer + path.sep)
}
