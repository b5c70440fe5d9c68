import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { timed, type Figure } from './figures.ts'
import { root, startPlace } from './place.ts'

const bin = path.join(root, 'apps/cli/bin/steward.mjs')
const runs = 10

/** A whole command with a daemon at its other end, from the start of its process to its end. */
export async function measureCommandLine(): Promise<Figure[]> {
  await using place = await startPlace()
  const run = async (...words: string[]) => {
    const child = spawn(process.execPath, [bin, ...words], { stdio: 'ignore', env: { ...process.env, STEWARD_HOME: place.home } })
    const [code] = (await once(child, 'exit')) as [number | null]
    if (code !== 0) throw new Error(`steward ${words.join(' ')} ended with ${code}.`)
  }
  const bare = await timed(runs, async () => {
    const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' })
    await once(child, 'exit')
  })
  const version = await timed(runs, () => run('--version'))
  const list = await timed(runs, () => run('sessions', 'list', '--json'))
  return [
    { name: 'Node that does nothing', value: bare.p50, ...bare, unit: 'ms' },
    { name: 'steward --version', value: version.p50, ...version, unit: 'ms', limit: 150 },
    { name: 'steward sessions list', value: list.p50, ...list, unit: 'ms', limit: 150, note: 'with a daemon, over its socket' },
  ]
}
