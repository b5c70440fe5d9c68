import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, mkdirSync, rmSync, statSync } from 'node:fs'
import { open, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Fault } from '@steward/contract'
import type { ByteRange } from '@steward/kernel'
import { syncFolder } from './storage/store.ts'

/** Bytes that have arrived and are on disk under their hash. `release` once a row holds them (or none will). */
export interface Received {
  readonly sha256: string
  readonly size: number
  release(): void
}
const isHash = (name: string) => /^[0-9a-f]{64}$/.test(name)
/** What a failed write means to the user. */
function diskFault(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new Fault('unavailable', 'The disk is full; the file was not kept. Free some space and try again.', undefined, { cause: error })
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new Fault('unavailable', 'The files folder cannot be written to; check its permissions.', undefined, { cause: error })
  return error
}
/** The body as it comes; one that breaks off is the sender's fault. */
async function* whole(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('invalid', 'The upload broke off before its end; send it again.', undefined, { cause: error })
  }
}
/**
 * Bytes by their SHA-256, under `files/<first two hex>/<hash>`: equal bytes lie there once. Bytes that an upload is about to point at, and all
 * bytes while a backup copies them, are never removed.
 */
export function createByteStore(home: string) {
  const root = path.join(home, 'files')
  const arriving = path.join(root, 'tmp')
  mkdirSync(arriving, { recursive: true, mode: 0o700 })
  const pathOf = (sha256: string) => path.join(root, sha256.slice(0, 2), sha256)
  const pins = new Map<string, number>()
  const active = new Set<string>()
  const afterHold = new Set<() => void>()
  let holds = 0

  const pin = (sha256: string): (() => void) => {
    pins.set(sha256, (pins.get(sha256) ?? 0) + 1)
    let released = false
    return () => {
      if (released) return
      released = true
      const left = (pins.get(sha256) ?? 1) - 1
      if (left === 0) pins.delete(sha256)
      else pins.set(sha256, left)
    }
  }
  /** Puts a whole, synced file in its place; the name is durable when this resolves. */
  const settle = async (from: string, sha256: string) => {
    const folder = path.dirname(pathOf(sha256))
    if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) syncFolder(root)
    await rename(from, pathOf(sha256))
    syncFolder(folder)
  }
  const write = async (name: string, body: AsyncIterable<Uint8Array>, mostBytes: number, signal: AbortSignal) => {
    const hash = createHash('sha256')
    let size = 0
    const file = await open(path.join(arriving, name), 'wx', 0o600)
    try {
      for await (const chunk of whole(body)) {
        signal.throwIfAborted()
        size += chunk.length
        if (size > mostBytes)
          throw new Fault('too_large', `The file is larger than ${mostBytes} bytes, the most that is taken (setting files.maxBytes).`)
        hash.update(chunk)
        await file.writeFile(chunk)
      }
      await file.sync()
    } finally {
      await file.close()
    }
    return { size, sha256: hash.digest('hex') }
  }
  const mayGo = (sha256: string) => holds === 0 && !pins.has(sha256)
  return {
    pathOf,
    has: (sha256: string) => statSync(pathOf(sha256), { throwIfNoEntry: false }) !== undefined,
    /** Takes a body in, hashing on the way. Throws Fault `too_large` beyond `mostBytes`, `unavailable` when the disk is full; nothing is left then. */
    async receive(body: AsyncIterable<Uint8Array>, mostBytes: number, signal: AbortSignal): Promise<Received> {
      const name = randomBytes(12).toString('hex')
      active.add(name)
      let release: (() => void) | undefined
      try {
        const { size, sha256 } = await write(name, body, mostBytes, signal)
        release = pin(sha256)
        await settle(path.join(arriving, name), sha256)
        return { size, sha256, release }
      } catch (error) {
        release?.()
        await rm(path.join(arriving, name), { force: true })
        throw diskFault(error)
      } finally {
        active.delete(name)
      }
    },
    /** The bytes, whole or a range (end inclusive). */
    read: (sha256: string, range?: ByteRange): AsyncIterable<Uint8Array> =>
      createReadStream(pathOf(sha256), { highWaterMark: 256 * 1024, ...(range ? { start: range.start, end: range.end } : {}) }),
    /** Removes bytes unless an upload or a backup needs them; `isWanted` is asked in the same turn. Returns whether they are gone. */
    remove(sha256: string, isWanted: (sha256: string) => boolean): boolean {
      if (!mayGo(sha256) || isWanted(sha256)) return false
      rmSync(pathOf(sha256), { force: true })
      return true
    },
    /** Removes all bytes that nothing points at and what broken-off uploads have left. Returns how many files went. */
    async sweep(isWanted: (sha256: string) => boolean): Promise<number> {
      let gone = 0
      for (const name of await readdir(arriving)) {
        if (active.has(name)) continue
        rmSync(path.join(arriving, name), { force: true })
        gone++
      }
      for (const folder of await readdir(root)) {
        if (!/^[0-9a-f]{2}$/.test(folder)) continue
        for (const name of await readdir(path.join(root, folder))) if (isHash(name) && this.remove(name, isWanted)) gone++
      }
      return gone
    },
    /** Keeps every byte in its place until it is called off, for a backup. */
    hold(): () => void {
      holds++
      let held = true
      return () => {
        if (!held) return
        held = false
        holds--
        if (holds === 0) for (const listener of afterHold) listener()
      }
    },
    /** Hears when removing is possible again. */
    onRelease: (listener: () => void) => void afterHold.add(listener),
  }
}
export type ByteStore = ReturnType<typeof createByteStore>
