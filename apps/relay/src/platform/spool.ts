import { open } from 'node:fs/promises'
import { Fault } from '@steward/contract'

/** What a failed write means to the user. */
function diskFault(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new Fault('unavailable', 'The disk of the relay is full; the file was not kept. Try again later.', undefined, { cause: error })
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new Fault('unavailable', 'The relay may not write to its files folder; its operator must check the permissions.', undefined, {
      cause: error,
    })
  return error
}
/** Writes a body to a new private file (0600) and waits until it is on disk. Returns the number of bytes. Where it throws, the file may be there in part. */
export async function spool(file: string, body: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0
  try {
    await using handle = await open(file, 'wx', 0o600)
    for await (const chunk of body) {
      await handle.writeFile(chunk)
      size += chunk.length
    }
    await handle.sync()
    return size
  } catch (error) {
    throw diskFault(error)
  }
}
