import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import type { Stats } from 'node:fs'
import { access, lstat, mkdir, open, rename, unlink } from 'node:fs/promises'
import path from 'node:path'
import { ToolError } from '../../tools/tool.ts'
import { checkPinned, diskError, inFolder } from './pinned.ts'

/**
 * Replaces a file atomically and durably: written to a temporary file of the same folder, synced, renamed over, folder synced. A reader
 * sees the old bytes or the new ones; a failure leaves the old. Folders are made as needed; mode (and, for root, owner) of the old file are kept.
 * `judge` gives the path to write, resolved and allowed, and is asked again once the folders exist.
 *
 * Against a folder swapped for a symlink meanwhile: the folder is opened once, compared with the judged path, and on Linux used only through
 * that handle. What remains: the making of missing folders follows paths, so a swap at that moment can leave an empty folder elsewhere;
 * and hosts without /proc check right before the rename, with a gap of one system call. Hard links and extended attributes of the old file are not carried over.
 */
export async function replaceFile(judge: () => Promise<string>, bytes: Uint8Array): Promise<void> {
  const real = await judge()
  const folderPath = path.dirname(real)
  await mkdir(folderPath, { recursive: true }).catch((error: unknown) => {
    throw diskError(folderPath, error)
  })
  if ((await judge()) !== real) throw new ToolError('refused', `The folder of "${real}" was replaced while it was being written. Try again.`)
  await inFolder(folderPath, async (at, folder) => {
    await replaceIn(at, path.basename(real), bytes, () => checkPinned(folder, folderPath), real)
    await folder.sync()
  })
}

async function replaceIn(at: string, name: string, bytes: Uint8Array, recheck: () => Promise<void>, shown: string): Promise<void> {
  const target = path.join(at, name)
  const old = await lstat(target).catch(() => null)
  if (old) await refuseOdd(old, target, shown)
  const temporary = path.join(at, `.steward-${randomBytes(8).toString('hex')}`)
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  const file = await open(temporary, flags, old ? 0o600 : 0o666)
  try {
    try {
      await file.writeFile(bytes)
      if (old && process.getuid?.() === 0) await file.chown(old.uid, old.gid)
      if (old) await file.chmod(old.mode & 0o7777)
      await file.sync()
    } finally {
      await file.close()
    }
    await recheck()
    await rename(temporary, target)
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw error
  }
}

async function refuseOdd(old: Stats, target: string, shown: string): Promise<void> {
  if (old.isDirectory()) throw new ToolError('invalid', `"${shown}" is a folder; a file cannot take its place.`)
  if (!old.isFile()) throw new ToolError('refused', `"${shown}" is not an ordinary file and is not overwritten.`)
  await access(target, constants.W_OK).catch((error: unknown) => {
    throw new ToolError('refused', `"${shown}" is read-only.`, { cause: error })
  })
}
