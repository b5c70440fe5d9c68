import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import path from 'node:path'
import type { FileHandle } from 'node:fs/promises'
import type { LogSource } from './file-lines.ts'
import { logNames, logPlace } from './names.ts'

export interface Sources extends AsyncDisposable {
  /** In the order they were written. */
  readonly files: readonly LogSource[]
}
const gone = (error: unknown): undefined => {
  if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
  throw error
}
/** Opens every file of a data folder's log as it is now: what is renamed or removed meanwhile is read to its end. None where there is no log. */
export async function openSources(home: string): Promise<Sources> {
  const { folder } = logPlace(home)
  const handles: FileHandle[] = []
  const close = async () => {
    await Promise.all(handles.map((handle) => handle.close()))
  }
  try {
    const files: LogSource[] = []
    const seen = new Set<string>()
    for (const name of logNames((await readdir(folder).catch(gone)) ?? [])) {
      const handle = await open(path.join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(gone)
      if (!handle) continue
      handles.push(handle)
      const facts = await handle.stat()
      const id = `${facts.ino}:${facts.birthtimeMs}`
      // A file that is put aside while the folder is read is met twice.
      if (!facts.isFile() || seen.has(id)) continue
      seen.add(id)
      files.push({ name, id, handle, size: facts.size, writtenAt: facts.mtime.toISOString() })
    }
    return { files, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}
