import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { spawnLines, tempDir } from '@steward/testkit'

const bin = fileURLToPath(new URL('../../../cli/bin/steward.mjs', import.meta.url))
/** `steward relay start` with no setting but free ports, in a home of its own. Throws with what it said where it does not come to answer. */
export async function startCommand(...words: string[]) {
  const dir = await tempDir('steward-relay-')
  const child = spawn(process.execPath, [bin, 'relay', 'start', '--json', '--port', '0', ...words], {
    cwd: dir.path,
    env: { PATH: process.env['PATH'], HOME: dir.path, STEWARD_RELAY_HOME: dir.path },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines = spawnLines(child)
  const { url, metricsUrl } = JSON.parse((await lines.line(/^\{"url".*$/, 60_000))[0]) as { url: string; metricsUrl?: string }
  return {
    url,
    metricsUrl,
    /** All it has said and logged. */
    text: lines.text,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    exited: lines.exited,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await lines.exited
      await dir[Symbol.asyncDispose]()
    },
  }
}
