import { lstat, readdir, rmdir, unlink } from 'node:fs/promises'
import path from 'node:path'
import { ToolError } from '../../tools/tool.ts'
import type { Files } from '../../tools/tool.ts'
import { createJail } from './jail.ts'
import { diskError, inFolder } from './pinned.ts'
import { readWhole } from './read-whole.ts'
import { replaceFile } from './replace-file.ts'

export interface FilesOptions {
  /** Folders the tools may reach; the first one is where relative paths start. */
  readonly roots: readonly string[]
  /** STEWARD_HOME: closed, also when it lies under a root. */
  readonly home: string
  /** false: nothing is written or removed. Default true. */
  readonly rw?: boolean
  /** Bytes; a bigger file is not read. Default 64 MiB. */
  readonly readBytes?: number
}

const kindOf = (entry: { isFile(): boolean; isDirectory(): boolean }): 'file' | 'folder' | 'other' =>
  entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other'
const atOnce = 64

/**
 * Files inside the workspace's walls (see createJail). Every verb works on the path as it is after following symlinks, the same path the
 * permission rules judged; so `remove` of a link removes what it points to. `~` is an ordinary name. Only ordinary files are read or
 * written: no pipes, sockets or devices. `remove` takes files and empty folders, never a root. Expected failures are ToolErrors.
 */
export function createFiles({ roots, home, rw = true, readBytes = 64 * 1024 * 1024 }: FilesOptions): Files {
  const jail = createJail(roots, home)
  const enter = async (asked: string, access: 'read' | 'write'): Promise<string> => {
    if (access === 'write' && !rw) throw new ToolError('refused', `The workspace is read-only here, so "${asked}" cannot be changed.`)
    return (await jail.enter(asked)).path
  }
  const find = async (asked: string, access: 'read' | 'write') => {
    const real = await enter(asked, access)
    const stats = await lstat(real).catch(missing)
    return { real, stats }
  }
  return {
    roots: jail.roots,
    resolve: enter,
    async read(asked) {
      const { real, stats } = await find(asked, 'read')
      if (stats === null) throw new ToolError('not_found', `There is no file "${asked}".`)
      if (stats.isDirectory()) throw new ToolError('invalid', `"${asked}" is a folder, not a file.`)
      if (!stats.isFile()) throw new ToolError('refused', `"${asked}" is a pipe, socket or device; only ordinary files can be read.`)
      return readWhole(real, readBytes)
    },
    async write(asked, bytes) {
      await replaceFile(() => enter(asked, 'write'), bytes)
    },
    async remove(asked) {
      const { real, stats } = await find(asked, 'write')
      if (stats === null) throw new ToolError('not_found', `There is no file "${asked}".`)
      if (jail.roots.includes(real)) throw new ToolError('refused', `"${asked}" is the workspace itself and is not removed.`)
      await inFolder(path.dirname(real), async (at) => {
        const target = path.join(at, path.basename(real))
        if (!stats.isDirectory()) return unlink(target)
        await rmdir(target).catch((error: unknown) => {
          throw new ToolError('refused', `The folder "${asked}" is not empty, so it was left alone. Remove what is in it first.`, { cause: error })
        })
      })
    },
    async stat(asked) {
      const { stats } = await find(asked, 'read')
      return stats && { kind: kindOf(stats), size: stats.size, modifiedAt: stats.mtimeMs }
    },
    async list(asked) {
      const { real, stats } = await find(asked, 'read')
      if (stats === null) throw new ToolError('not_found', `There is no folder "${asked}".`)
      if (!stats.isDirectory()) throw new ToolError('invalid', `"${asked}" is a file, not a folder.`)
      return inFolder(real, listFolder)
    },
  }
}

async function listFolder(at: string): ReturnType<Files['list']> {
  const entries = (await readdir(at, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const listed: Awaited<ReturnType<Files['list']>> = []
  for (let from = 0; from < entries.length; from += atOnce) {
    const some = entries.slice(from, from + atOnce).map(async (entry) => {
      const size = (await lstat(path.join(at, entry.name)).catch(missing))?.size ?? 0
      return { name: entry.name, kind: entry.isSymbolicLink() ? ('symlink' as const) : kindOf(entry), size }
    })
    listed.push(...(await Promise.all(some)))
  }
  return listed
}

function missing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw diskError('the workspace', error)
}
