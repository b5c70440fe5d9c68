import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { ToolError } from '../../tools/tool.ts'
import { checkPinned } from './pinned.ts'

/**
 * Reads an ordinary file at a path without symlinks. Never waits for a pipe's other end. Throws ToolError: `refused` for anything but an
 * ordinary file, for a link put there meanwhile and for missing rights, `too_large` above `limit` bytes, also when the file grows while being read.
 */
export async function readWhole(real: string, limit: number): Promise<Uint8Array> {
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: unknown) => {
    throw new ToolError('refused', `"${real}" cannot be opened for reading: ${error instanceof Error ? error.message : String(error)}.`, {
      cause: error,
    })
  })
  try {
    await checkPinned(handle, real)
    const stats = await handle.stat()
    if (!stats.isFile()) throw new ToolError('refused', `"${real}" is not an ordinary file.`)
    const tooLarge = (size: string): ToolError => new ToolError('too_large', `"${real}" has ${size} bytes; at most ${limit} are read.`)
    if (stats.size > limit) throw tooLarge(String(stats.size))
    const chunks: Uint8Array[] = []
    let size = 0
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.max(stats.size - size + 1, 64 * 1024)))
      if (bytesRead === 0) return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
      size += bytesRead
      if (size > limit) throw tooLarge(`more than ${limit}`)
      chunks.push(buffer.subarray(0, bytesRead))
    }
  } finally {
    await handle.close()
  }
}
