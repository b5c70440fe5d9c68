import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** The text of a file, or a sentence why it was not read; `missing` where there is none. */
export type PrivateText = { readonly text: string } | { readonly why: string } | { readonly missing: true }
const mostBytes = 256 * 1024

/**
 * Reads a small text file that keeps a secret for this user alone. What is a link, no plain file, larger than 256 KiB, of another user, or open to others
 * is not read but told of in a sentence. Checked on the opened file, so that nothing can be put in its place in between; never waits for a pipe. Never throws.
 */
export function readPrivateFile(path: string): PrivateText {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return { missing: true }
    return {
      why: code === 'ELOOP' ? `${path} is a link, and links to credentials are not followed.` : `${path} cannot be read (${code ?? 'unknown'}).`,
    }
  }
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) return { why: `${path} is not a plain file.` }
    if (process.platform !== 'win32') {
      if (stats.uid !== process.getuid?.()) return { why: `${path} belongs to another user.` }
      if ((stats.mode & 0o077) !== 0) return { why: `${path} is open to other users; close it with \`chmod 600 ${path}\`.` }
    }
    if (stats.size > mostBytes) return { why: `${path} is larger than ${mostBytes / 1024} KiB, which no file of credentials is.` }
    const bytes = Buffer.alloc(mostBytes + 1)
    let size = 0
    for (let read = -1; read !== 0 && size < bytes.length; size += read) read = readSync(fd, bytes, size, bytes.length - size, null)
    if (size > mostBytes) return { why: `${path} is larger than ${mostBytes / 1024} KiB, which no file of credentials is.` }
    return { text: bytes.toString('utf8', 0, size) }
  } catch (error) {
    return { why: `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).` }
  } finally {
    closeSync(fd)
  }
}
