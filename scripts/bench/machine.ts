import { closeSync, fdatasync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { quantile } from './figures.ts'
import { temporaryFolder } from './place.ts'

export interface Machine {
  readonly cores: number
  readonly processor: string
  readonly memoryGb: number
  readonly system: string
  readonly node: string
  /** How much ran beside, at the beginning: processes that wanted a core in the last minute. */
  readonly load: number
  /** Appending 4 KiB to a file and making it durable. */
  readonly syncMs: { readonly p50: number; readonly p95: number }
}
/** What the figures depend on. */
export async function lookAtMachine(): Promise<Machine> {
  const [load = 0] = loadavg()
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    load,
    syncMs: await syncTimes(),
  }
}
/** The machine in one line. */
export const machineLine = ({ cores, processor, node, syncMs, load }: Machine): string =>
  `${cores} cores (${processor}), Node ${node}, a sync of the disk ${syncMs.p50.toFixed(2)} ms, load ${load.toFixed(1)} at the beginning`
async function syncTimes() {
  const sync = promisify(fdatasync)
  const folder = temporaryFolder()
  mkdirSync(folder, { recursive: true })
  const file = openSync(path.join(folder, 'sync'), 'w')
  const samples: number[] = []
  const bytes = Buffer.alloc(4096, 1)
  for (let n = 0; n < 200; n++) {
    writeSync(file, bytes)
    const from = performance.now()
    await sync(file)
    samples.push(performance.now() - from)
  }
  closeSync(file)
  rmSync(folder, { recursive: true })
  return { p50: quantile(samples, 0.5), p95: quantile(samples, 0.95) }
}
