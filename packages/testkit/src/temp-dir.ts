import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A fresh folder (symlinks resolved) that is removed when disposed: `await using dir = await tempDir()`. */
export async function tempDir(prefix = 'steward-'): Promise<AsyncDisposable & { readonly path: string }> {
  const made = await realpath(await mkdtemp(path.join(tmpdir(), prefix)))
  return { path: made, [Symbol.asyncDispose]: () => rm(made, { recursive: true, force: true, maxRetries: 3 }) }
}
