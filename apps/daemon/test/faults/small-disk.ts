import { closeSync, mkdirSync, openSync, statSync, truncateSync, writeSync } from 'node:fs'
import path from 'node:path'
import { createWireServer, tempDir, type Turn, type WireServer } from '@steward/testkit'
import { expect } from 'vitest'
import { databaseFiles } from '../../src/platform/storage/store.ts'
import { beginDaemon, daemonEnv, type DaemonProcess } from './daemon-process.ts'
import { ownMounts, type OwnMounts } from './own-mounts.ts'

/** For `smallDisk`: a file system in memory. */
export const mountTmpfs = 'mount -t tmpfs -o size=32m,mode=0755 tmpfs "$1"'

/** A disk of its own for the data folder, so small that it can be filled. */
export interface SmallDisk extends AsyncDisposable {
  readonly disk: string
  readonly home: string
  readonly mounts: OwnMounts
  readonly wire: WireServer
  readonly workspace: string
  start(): Promise<DaemonProcess>
  /** Takes up every byte that is left. */
  fill(): void
  /** Gives so many bytes back, or all. */
  free(bytes?: number): void
}
/** Mounts one (`mount`: a shell line, with the folder as $1), for daemons whose model answers `turns`; `env` is added to theirs. */
export async function smallDisk(turns: readonly Turn[], mount: string, env: NodeJS.ProcessEnv = {}): Promise<SmallDisk> {
  const root = await tempDir('steward-disk-')
  const wire = await createWireServer({ turns })
  const disk = path.join(root.path, 'disk')
  const workspace = path.join(root.path, 'workspace')
  mkdirSync(disk)
  mkdirSync(workspace)
  const mounts = await ownMounts(disk, mount)
  const home = path.join(disk, 'home')
  const filler = mounts.view(path.join(disk, 'filler'))
  const started: DaemonProcess[] = []
  return {
    disk,
    home,
    mounts,
    wire,
    workspace,
    async start() {
      const daemon = await beginDaemon(home, { ...daemonEnv(wire.url, workspace), ...env }, mounts.around).ready
      started.push(daemon)
      return daemon
    },
    fill() {
      const fd = openSync(filler, 'a')
      try {
        for (const size of [1024 * 1024, 4096, 512, 1])
          for (;;)
            try {
              writeSync(fd, Buffer.alloc(size, 1))
            } catch (error) {
              if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
              break
            }
      } finally {
        closeSync(fd)
      }
    },
    free: (bytes) => truncateSync(filler, bytes === undefined ? 0 : Math.max(0, statSync(filler).size - bytes)),
    async [Symbol.asyncDispose]() {
      for (const daemon of started) await daemon.kill()
      await mounts[Symbol.asyncDispose]()
      await wire.close()
      await root[Symbol.asyncDispose]()
    },
  }
}
/** What a query gives, asked by a process inside: SQLite resolves the way into the namespace to a path outside. */
export const query = ({ mounts, home }: SmallDisk, name: string, sql: string): unknown => {
  const script = `const { DatabaseSync } = require('node:sqlite'); const db = new DatabaseSync(process.argv[1], { readOnly: true }); console.log(JSON.stringify(db.prepare(process.argv[2]).all()))`
  return JSON.parse(mounts.run(process.execPath, '-e', script, path.join(home, name), sql))
}
/** The databases are whole. */
export function checkInside(at: SmallDisk): void {
  for (const name of Object.values(databaseFiles)) {
    expect(query(at, name, 'PRAGMA integrity_check'), name).toEqual([{ integrity_check: 'ok' }])
    expect(query(at, name, 'PRAGMA foreign_key_check'), name).toEqual([])
  }
}
