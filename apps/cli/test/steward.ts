import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawnLines, tempDir, type SpawnedLines } from '@steward/testkit'

const bin = fileURLToPath(new URL('../bin/steward.mjs', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}
export interface Place extends AsyncDisposable {
  readonly home: string
  /** A project folder with a package.json. */
  readonly project: string
  /** Runs the command to its end. */
  run(words: readonly string[], options?: { readonly input?: string; readonly cwd?: string }): Promise<Ended>
  /** Starts the command and leaves it running. */
  begin(words: readonly string[]): { readonly child: ChildProcess; readonly output: SpawnedLines }
  daemonPid(): number
}
/** A home and a project of one's own, with the command as people run it. Whatever daemon was started there is stopped at the end. */
export async function createPlace(project: (folder: string) => Promise<void>, env: Record<string, string> = {}): Promise<Place> {
  const dir = await tempDir('steward-cli-')
  const home = path.join(dir.path, 'home')
  const folder = path.join(dir.path, 'project')
  await project(folder)
  const all = { PATH: process.env['PATH'] ?? '', HOME: dir.path, STEWARD_HOME: home, ...env }
  const start = (words: readonly string[], cwd = folder) =>
    spawn(process.execPath, [bin, ...words], { cwd, env: all, stdio: ['pipe', 'pipe', 'pipe'] })
  const run: Place['run'] = (words, { input = '', cwd } = {}) =>
    new Promise((resolve, reject) => {
      const child = start(words, cwd)
      const out: Buffer[] = []
      const err: Buffer[] = []
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
      child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
      child.once('error', reject)
      child.once('close', (code) => resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }))
      child.stdin.end(input)
    })
  return {
    home,
    project: folder,
    run,
    begin(words) {
      const child = start(words)
      child.stdin.end()
      return { child, output: spawnLines(child) }
    },
    daemonPid: () => (JSON.parse(readFileSync(path.join(home, 'run', 'daemon.json'), 'utf8')) as { pid: number }).pid,
    async [Symbol.asyncDispose]() {
      // Where no command has made a home there is no daemon.
      if (existsSync(home)) await run(['stop'])
      await dir[Symbol.asyncDispose]()
    },
  }
}
