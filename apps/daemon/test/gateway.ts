import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { spawnLines } from '@steward/testkit'

const bin = fileURLToPath(new URL('../../cli/bin/steward.mjs', import.meta.url))

export interface TestGateway extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** What it has said on standard output and error. */
  said(): string
}
/** `steward gateway` as a process of its own, before the daemon of a home: without the owner's token, and where nothing else of the home can be found. */
export async function startGateway(home: string, flags: readonly string[] = []): Promise<TestGateway> {
  const child = spawn(process.execPath, [bin, 'gateway', '--home', home, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  })
  const output = spawnLines(child)
  const [url] = await output.line(/^https?:\S+$/)
  return {
    url,
    pid: child.pid ?? 0,
    said: output.text,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}
