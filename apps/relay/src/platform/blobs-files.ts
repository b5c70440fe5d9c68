import { randomBytes } from 'node:crypto'
import { createReadStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, rmdir, stat, unlink } from 'node:fs/promises'
import path from 'node:path'
import { checkedBody, checkedKey, checkedPart, checkedPrefix, checkRange, type Blobs, type ListedBlob } from './blobs.ts'
import { spool } from './spool.ts'

/** What a crash has left of an upload is removed at a start after this time; another node may share the folder and be writing. */
const leftoverMs = 24 * 60 * 60 * 1000
/** Ends the name of a blob's file, so that `a` can be a blob and a folder: no key has this character. */
const mark = '~'
const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
const unlessMissing = (error: unknown): undefined => {
  if (!isMissing(error)) throw error
}

/** Blobs in a folder, which is made where it is missing. A blob is written beside, synced and renamed; its name is durable too. */
export function createFileBlobs(folder: string): Blobs {
  const root = path.join(folder, 'blobs')
  const arriving = path.join(folder, 'arriving')
  for (const needed of [root, arriving]) mkdirSync(needed, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(arriving)) {
    const file = path.join(arriving, name)
    if (Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > leftoverMs) rmSync(file, { force: true })
  }
  const fileOf = (key: string) => path.join(root, ...checkedKey(key).split('/')) + mark
  return {
    async put(key, body, options) {
      const file = fileOf(key)
      const beside = path.join(arriving, randomBytes(12).toString('hex'))
      try {
        const size = await spool(beside, checkedBody(body, options))
        await settle(beside, file)
        return { size }
      } catch (error) {
        await rm(beside, { force: true })
        throw error
      }
    },
    async get(key, range) {
      const file = fileOf(key)
      const size = (await stat(file).catch(unlessMissing))?.size
      if (size === undefined) return undefined
      checkRange(range, size)
      return { size, body: read(file, range) }
    },
    async remove(key) {
      const file = fileOf(key)
      await unlink(file).catch(unlessMissing)
      await prune(path.dirname(file), root)
    },
    async removePrefix(prefix) {
      const under = path.join(root, ...checkedPart(prefix).split('/'))
      await rm(under, { recursive: true, force: true, maxRetries: 3 })
      await prune(path.dirname(under), root)
    },
    list: (prefix) => walk(path.join(root, ...checkedPrefix(prefix).split('/')), prefix),
  }
}
/** Opens the file when it is read, so that a body nobody reads holds nothing. */
async function* read(file: string, range: { start: number; end: number } | undefined): AsyncGenerator<Uint8Array, void> {
  yield* createReadStream(file, { highWaterMark: 256 * 1024, ...range })
}
/** Puts a whole, synced file in its place. */
async function settle(from: string, to: string): Promise<void> {
  const folder = path.dirname(to)
  for (let attempt = 1; ; attempt++) {
    let made: string | undefined
    try {
      made = await mkdir(folder, { recursive: true, mode: 0o700 })
      await rename(from, to)
    } catch (error) {
      // Whoever removed the last blob of the folder took the folder with it.
      if (isMissing(error) && attempt < 10) continue
      throw error
    }
    const top = made === undefined ? folder : path.dirname(made)
    for (let each = folder; ; each = path.dirname(each)) {
      await syncFolder(each).catch(unlessMissing)
      if (each === top) return
    }
  }
}
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  await using handle = await open(folder, 'r')
  await handle.sync()
}
/** Removes a folder and those above it as long as they are empty. */
async function prune(folder: string, root: string): Promise<void> {
  for (let each = folder; each !== root; each = path.dirname(each)) {
    try {
      await rmdir(each)
    } catch (error) {
      if (!isMissing(error)) return
    }
  }
}
async function* walk(folder: string, prefix: string): AsyncGenerator<ListedBlob, void> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(unlessMissing)) ?? []
  for (const entry of entries) {
    const name = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(name, `${prefix}${entry.name}/`)
    else if (entry.name.endsWith(mark)) {
      const known = await stat(name).catch(unlessMissing)
      if (known) yield { key: prefix + entry.name.slice(0, -mark.length), size: known.size, modifiedAt: known.mtime.toISOString() }
    }
  }
}
