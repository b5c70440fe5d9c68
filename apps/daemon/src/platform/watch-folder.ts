import { constants } from 'node:fs'
import { mkdir, open, readdir, realpath } from 'node:fs/promises'
import path from 'node:path'

/** A file of a watched folder: its text, or in a sentence why it was not read. */
export type WatchedFile =
  | { readonly path: string; readonly text: string; readonly problem: null }
  | { readonly path: string; readonly text: null; readonly problem: string }
export interface WatchedFolder {
  /** Sorted by name; the same array as long as nothing changes. */
  files(): readonly WatchedFile[]
  /** Ends the watching. Nothing is told afterwards. */
  close(): Promise<void>
}
export interface WatchOptions {
  /** Absolute. Made with mode 0700 when it is not there. */
  readonly folder: string
  /** Only files whose names end so are looked at: `.app.json`. */
  readonly ending: string
  readonly onChange: (files: readonly WatchedFile[]) => void
  /** Told when the system cannot watch; the files known so far stay. */
  readonly onError: (error: unknown) => void
}
/** A file is read when the folder has been quiet for so long, and at the latest after `mostMs` of changes. */
const quietMs = 60
const mostMs = 600
const mostBytes = 1024 * 1024
const mostFiles = 1000

/**
 * Watches the files of one folder, not of those below it. Reads what a link points to only where that lies in the folder too, and only ordinary
 * files of at most 1 MiB of UTF-8; others are listed with the reason. `onChange` is called with the whole list, and only when it has changed.
 */
export async function watchFolder({ folder, ending, onChange, onError }: WatchOptions): Promise<WatchedFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { watch } = await import('chokidar')
  const watcher = watch(folder, {
    depth: 0,
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (entry, stats) => stats?.isFile() === true && !entry.endsWith(ending),
  })
  watcher.on('error', onError)
  let files: readonly WatchedFile[] = []
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let since = 0
  let reading: Promise<void> = Promise.resolve()

  const look = async (): Promise<void> => {
    try {
      const next = await readFolder(folder, ending)
      if (closed || same(files, next)) return
      files = next
      onChange(files)
    } catch (error) {
      onError(error)
    }
  }
  watcher.on('all', () => {
    if (closed) return
    const now = performance.now()
    if (timer === undefined) since = now
    clearTimeout(timer)
    timer = setTimeout(
      () => {
        timer = undefined
        reading = reading.then(look)
      },
      Math.min(quietMs, Math.max(0, since + mostMs - now)),
    )
  })
  // What changes while the first look is taken is looked at after it.
  await new Promise<void>((ready) => void watcher.once('ready', ready))
  await (reading = reading.then(async () => void (files = await readFolder(folder, ending))))
  return {
    files: () => files,
    async close() {
      closed = true
      clearTimeout(timer)
      await watcher.close()
      await reading
    },
  }
}

const same = (one: readonly WatchedFile[], other: readonly WatchedFile[]): boolean =>
  one.length === other.length &&
  one.every((file, index) => file.path === other[index]?.path && file.text === other[index].text && file.problem === other[index].problem)

/** The files of a folder as `watchFolder` lists them; none when it is not there. */
export async function readFolder(folder: string, ending: string): Promise<readonly WatchedFile[]> {
  const missing = (error: unknown): string[] => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  const names = (await readdir(folder).catch(missing)).filter((name) => name.endsWith(ending)).toSorted()
  const kept: WatchedFile[] = []
  for (const name of names) {
    const file = path.join(folder, name)
    if (kept.length === mostFiles) return [...kept, { path: file, text: null, problem: `Only the first ${mostFiles} files of the folder are read.` }]
    const read = await readOne(folder, file)
    if (read !== null) kept.push({ path: file, ...read })
  }
  return kept
}

type Read = { readonly text: string; readonly problem: null } | { readonly text: null; readonly problem: string }
const not = (problem: string): Read => ({ text: null, problem })

/** Null for a file that went away in the meantime. */
async function readOne(folder: string, file: string): Promise<Read | null> {
  try {
    const real = await realpath(file)
    if (path.dirname(real) !== (await realpath(folder))) return not('The file is a link that leads out of the folder, and is not followed.')
    // Not blocking: a pipe would wait for its writer.
    const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stats = await handle.stat()
      if (!stats.isFile()) return not('This is no ordinary file.')
      if (stats.size > mostBytes) return not('The file is larger than 1 MiB.')
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(stats.size + 1), position: 0 })
      return { text: new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead)), problem: null }
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (error instanceof TypeError) return not('The file is not UTF-8 text.')
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT') return null
    return not(`The file could not be read (${code || String(error)}).`)
  }
}
