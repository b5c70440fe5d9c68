import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { freePort } from '@steward/testkit'
import { bestOf, median, rounds, type Figure } from './figures.ts'
import { endOf, envOf, owned, root, temporaryFolder } from './place.ts'

const compiled = path.join(root, 'node_modules/.cache/steward')
const startsPerRound = 4

/** From the launcher's start, on the Node that `npm` runs on, to the first answer over HTTP; and the time a stop takes. */
export async function measureStart(): Promise<Figure[]> {
  const cold: number[] = []
  for (let n = 0; n < rounds; n++) {
    rmSync(compiled, { recursive: true, force: true, maxRetries: 5 })
    cold.push((await startOnce()).startMs)
  }
  await startOnce()
  const warm: number[][] = []
  const stops: number[] = []
  for (let round = 0; round < rounds; round++) {
    const samples: number[] = []
    for (let n = 0; n < startsPerRound; n++) {
      const { startMs, stopMs } = await startOnce()
      samples.push(startMs)
      stops.push(stopMs)
    }
    warm.push(samples)
  }
  const best = bestOf(warm)
  const note = 'launcher included'
  return [
    { name: 'process start to first answer', value: best.p50, ...best, unit: 'ms', limit: 400, note },
    {
      name: 'the same at the first start after an installation',
      value: Math.min(...cold),
      p50: median(cold),
      unit: 'ms',
      limit: 1000,
      note: 'without compiled code; files are in the disk cache',
    },
    { name: 'stop', value: median(stops), unit: 'ms' },
  ]
}
async function startOnce(): Promise<{ startMs: number; stopMs: number }> {
  const folder = temporaryFolder()
  const port = await freePort()
  const { NODE_COMPILE_CACHE: _cache, ...env } = process.env
  const from = performance.now()
  const launch = ['scripts/n24.mjs', 'apps/daemon/src/main.ts', '--home', path.join(folder, 'home'), '--port', String(port)]
  const child = owned(spawn(systemNode(), launch, { cwd: root, env: { ...env, ...envOf('http://127.0.0.1:9', folder) }, stdio: 'ignore' }))
  await answered(port, () => child.exitCode !== null)
  const startMs = performance.now() - from
  const stopMs = await endOf(child)
  rmSync(folder, { recursive: true, force: true })
  return { startMs, stopMs }
}
/** Asks `/health` at a port of the loopback every 2 ms until it answers 200. Throws when the program has ended. */
export async function answered(port: number, ended: () => boolean): Promise<void> {
  for (;;) {
    const status = await new Promise<number | undefined>((resolve) => {
      const request = http.get({ port, host: '127.0.0.1', path: '/health', agent: false }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode))
      })
      request.on('error', () => resolve(undefined))
    })
    if (status === 200) return
    if (ended()) throw new Error('The program ended before it answered.')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
/** The Node a user's shell finds, not the one of node_modules that runs this. */
function systemNode(): string {
  const places = (process.env['PATH'] ?? '').split(path.delimiter).filter((place) => !place.includes('node_modules'))
  return places.map((place) => path.join(place, 'node')).find((file) => existsSync(file)) ?? process.execPath
}
