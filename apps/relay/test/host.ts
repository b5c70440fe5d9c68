import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { tempDir } from '@steward/testkit'
import { defaults, openRelay } from '../src/index.ts'

export interface Host extends AsyncDisposable {
  readonly url: string
  /** What went wrong inside. */
  readonly reported: readonly unknown[]
  /** Closes the relay and opens it again, with the same database at the same address. */
  restart(): Promise<void>
  /** The files of the relay that hold these words. */
  filesWith(words: string): Promise<string[]>
}

/** A relay with its embedded database, on a free port. */
export async function hostRelay(): Promise<Host> {
  const dir = await tempDir('steward-relay-')
  const reported: unknown[] = []
  const open = (port: number) => openRelay({ ...defaults, home: dir.path, port }, (error, what) => void reported.push([what, error]), '0.0.0')
  let relay = await open(0)
  const { url } = relay
  return {
    url,
    reported,
    async restart() {
      await relay.close()
      relay = await open(Number(new URL(url).port))
    },
    async filesWith(words) {
      const entries = await readdir(dir.path, { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
      const holding = await Promise.all(files.map(async (file) => ((await readFile(file)).includes(words) ? [file] : [])))
      return holding.flat()
    },
    async [Symbol.asyncDispose]() {
      await relay.close()
      await dir[Symbol.asyncDispose]()
    },
  }
}
