import type { FileHandle } from 'node:fs/promises'
import { constants } from 'node:fs'
import { lstat, open, readlink, realpath } from 'node:fs/promises'
import path from 'node:path'
import { ToolError } from '../../tools/tool.ts'

/** Where an open handle can be reached as a path that no rename can redirect (proc(5)); null where the host has none. */
const handlePath = ({ fd }: FileHandle): string | null => (process.platform === 'linux' ? `/proc/self/fd/${fd}` : null)

/**
 * Makes sure that an open handle is what stands at `real`, a path already judged, and not something swapped in after the judging.
 * On Linux the kernel tells the handle's own path, so no race remains; elsewhere path and inode are compared, which leaves a swap
 * there and back between the two looks. Throws ToolError `refused`.
 */
export async function checkPinned(handle: FileHandle, real: string): Promise<void> {
  if (await isAt(handle, real)) return
  throw new ToolError('refused', `"${path.basename(real)}" was moved or replaced by a link while it was being opened. Try again.`)
}

/**
 * Opens a folder at a path without symlinks and hands `act` a name for it: on Linux one that stays with the opened folder whatever is
 * renamed around it, elsewhere the path itself. Expected failures of the disk become ToolErrors.
 */
export async function inFolder<T>(real: string, act: (at: string, folder: FileHandle) => Promise<T>): Promise<T> {
  const folder = await open(real, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW).catch((error: unknown) => {
    throw diskError(real, error)
  })
  try {
    await checkPinned(folder, real)
    return await act(handlePath(folder) ?? real, folder)
  } catch (error) {
    throw diskError(real, error)
  } finally {
    await folder.close()
  }
}

/** What the disk said, as a ToolError; ToolErrors pass. */
export function diskError(where: string, error: unknown): ToolError {
  if (error instanceof ToolError) return error
  return new ToolError('failed', `The disk refused work in "${where}": ${error instanceof Error ? error.message : String(error)}.`, { cause: error })
}

async function isAt(handle: FileHandle, real: string): Promise<boolean> {
  const own = handlePath(handle)
  // A file replaced by a newer version just now is told as deleted; it was at its place when it was opened.
  if (own !== null) return (await readlink(own)).replace(/ \(deleted\)$/, '') === real
  const [opened, named, now] = await Promise.all([handle.stat(), lstat(real), realpath(real)])
  return now === real && opened.dev === named.dev && opened.ino === named.ino
}
