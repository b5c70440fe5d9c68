import path from 'node:path'

export interface WatchedTree {
  /** Ends the watching. Nothing is told afterwards. */
  close(): Promise<void>
}
export interface WatchTreeOptions {
  /** Absolute, and there. */
  readonly folder: string
  /** How many folders deep is watched. */
  readonly depth: number
  /** Told the names in the folder under which something has changed; null: look at all of them. */
  readonly onChange: (names: ReadonlySet<string> | null) => void
  /** Told when the system cannot watch. */
  readonly onError: (error: unknown) => void
}
/** A change is told when the tree has been quiet for so long, and at the latest after `mostMs` of changes. */
const quietMs = 60
const mostMs = 600

/** Watches a folder and what lies below it, but for what begins with a dot. Links are not followed. */
export async function watchTree({ folder, depth, onChange, onError }: WatchTreeOptions): Promise<WatchedTree> {
  const { watch } = await import('chokidar')
  const watcher = watch(folder, {
    depth,
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (entry) => entry !== folder && path.basename(entry).startsWith('.'),
  })
  let names = new Set<string>()
  let everything = false
  let timer: NodeJS.Timeout | undefined
  let since = 0
  watcher.on('error', onError)
  watcher.on('all', (_event, entry) => {
    const [name = ''] = path.relative(folder, entry).split(path.sep)
    if (name === '') everything = true
    else names.add(name)
    const now = performance.now()
    if (timer === undefined) since = now
    clearTimeout(timer)
    timer = setTimeout(
      () => {
        timer = undefined
        const told = everything ? null : names
        names = new Set()
        everything = false
        onChange(told)
      },
      Math.min(quietMs, Math.max(0, since + mostMs - now)),
    )
  })
  await new Promise<void>((ready) => void watcher.once('ready', ready))
  return {
    async close() {
      clearTimeout(timer)
      watcher.removeAllListeners('all')
      await watcher.close()
    },
  }
}
