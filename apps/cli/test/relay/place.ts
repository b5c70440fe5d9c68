import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawnLines, tempDir } from '@steward/testkit'

const bin = fileURLToPath(new URL('../../bin/steward.mjs', import.meta.url))
interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}
export interface Serving {
  readonly url: string
  readonly pid: number
  readonly node: string
  readonly metricsUrl?: string
  /** What it has written on standard error, line by line. */
  readonly log: string[]
  signal(signal: NodeJS.Signals): void
  /** Resolves with its exit code and how long after the last signal it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly ms: number }>
}
export interface RelayPlace extends AsyncDisposable {
  /** The relay's home. */
  readonly home: string
  /** A folder beside it. */
  readonly folder: string
  /** `steward relay …` to its end. */
  run(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>
  /** `steward relay start --json --port 0 …`, when it answers. Throws with what it said where it ends before. */
  start(words?: readonly string[], env?: Readonly<Record<string, string>>): Promise<Serving>
}
/** A home of its own for relays that are started and looked after as people do it. What still runs is killed at the end. */
export async function createRelayPlace(): Promise<RelayPlace> {
  const dir = await tempDir('steward-relay-cli-')
  const home = path.join(dir.path, 'home')
  const running = new Set<ReturnType<typeof spawn>>()
  const begin = (words: readonly string[], env: Readonly<Record<string, string>>) => {
    const child = spawn(process.execPath, [bin, 'relay', ...words], {
      cwd: dir.path,
      env: { PATH: process.env['PATH'], HOME: dir.path, STEWARD_RELAY_HOME: home, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(child)
    const said = { out: '', err: '' }
    child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
    const ended = new Promise<number | null>((resolve) =>
      child.once('close', (code) => {
        running.delete(child)
        resolve(code)
      }),
    )
    return { child, said, ended }
  }
  return {
    home,
    folder: dir.path,
    async run(words, env = {}) {
      const { said, ended } = begin(words, env)
      return { code: await ended, stdout: said.out, stderr: said.err }
    },
    async start(words = [], env = {}) {
      const { child, said, ended } = begin(['start', '--json', '--port', '0', ...words], env)
      const lines = spawnLines(child)
      const told = JSON.parse((await lines.line(/^\{"url".*$/, 60_000))[0]) as Pick<Serving, 'url' | 'pid' | 'node' | 'metricsUrl'>
      let asked = performance.now()
      return {
        ...told,
        get log() {
          return said.err.split('\n').filter((line) => line !== '')
        },
        signal(signal) {
          asked = performance.now()
          child.kill(signal)
        },
        ended: ended.then((code) => ({ code, ms: performance.now() - asked })),
      }
    },
    async [Symbol.asyncDispose]() {
      for (const child of running) child.kill('SIGKILL')
      await dir[Symbol.asyncDispose]()
    },
  }
}
