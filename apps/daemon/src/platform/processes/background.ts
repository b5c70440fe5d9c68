import { ToolError } from '../../tools/tool.ts'
import type { BackgroundProcess, ProcessRequest, Processes } from '../../tools/tool.ts'
import { newId } from '../ids.ts'
import type { Child } from './child.ts'
import { createOutputRing } from './output-ring.ts'
import type { OutputRing } from './output-ring.ts'

const mostRunning = 10
const mostFinished = 20
const ringBytes = 1024 * 1024
const longestMs = 2 * 60 * 60 * 1000

type Start = (request: ProcessRequest, onOutput: (chunk: Buffer) => void) => Promise<Child>
interface Entry {
  process: BackgroundProcess
  readonly child: Child
  readonly ring: OutputRing
  readonly gone: Promise<void>
}

/**
 * Processes that outlive the call that started them, kept per owner: at most 10 running, each at most 2 h (or its `timeoutMs`), the last
 * 1 MiB of output of each; of finished ones the latest 20 are remembered. `stopOwner` ends all of one owner and forgets them.
 */
export function createBackground(start: Start, onExit?: (owner: string, process: BackgroundProcess) => void) {
  const owners = new Map<string, Map<string, Entry>>()
  const starting = new Map<string, number>()
  const entriesOf = (owner: string): Map<string, Entry> => owners.get(owner) ?? new Map<string, Entry>()
  const running = (owner: string): number =>
    [...entriesOf(owner).values()].filter(({ process }) => process.running).length + (starting.get(owner) ?? 0)
  const forget = (owner: string): void => {
    const entries = entriesOf(owner)
    const finished = [...entries].filter(([, { process }]) => !process.running)
    for (const [id] of finished.slice(0, -mostFinished)) entries.delete(id)
  }
  const begin = async ({ owner, ...request }: ProcessRequest & { owner: string }): Promise<BackgroundProcess> => {
    const ring = createOutputRing(ringBytes)
    const child = await start(request, (chunk) => ring.add(chunk))
    const id = newId('proc')
    const timer = setTimeout(() => child.stop(), Math.min(request.timeoutMs, longestMs))
    const startedAt = new Date().toISOString()
    const process: BackgroundProcess = { id, command: request.command.join(' '), startedAt, running: true, exitCode: null }
    const entry: Entry = {
      process,
      child,
      ring,
      gone: child.ended.then(({ exitCode }) => finish(exitCode)),
    }
    const finish = (exitCode: number | null): void => {
      clearTimeout(timer)
      entry.process = { ...process, running: false, exitCode }
      forget(owner)
      onExit?.(owner, entry.process)
    }
    owners.set(owner, entriesOf(owner).set(id, entry))
    return process
  }
  return {
    async start(request) {
      const { owner } = request
      if (running(owner) >= mostRunning) {
        throw new ToolError('refused', `There are ${mostRunning} background processes running already. End one of them first.`)
      }
      starting.set(owner, (starting.get(owner) ?? 0) + 1)
      try {
        return await begin(request)
      } finally {
        const left = (starting.get(owner) ?? 1) - 1
        if (left > 0) starting.set(owner, left)
        else starting.delete(owner)
      }
    },
    list: (owner) => [...entriesOf(owner).values()].map(({ process }) => process),
    output(owner, id, offset) {
      const entry = entriesOf(owner).get(id)
      return entry ? { ...entry.ring.read(offset, entry.process.running), process: entry.process } : null
    },
    async kill(owner, id) {
      const entry = entriesOf(owner).get(id)
      if (!entry) return null
      if (entry.process.running) entry.child.stop()
      await entry.gone
      return entry.process
    },
    async stopOwner(owner: string): Promise<void> {
      const entries = [...entriesOf(owner).values()]
      owners.delete(owner)
      for (const { process, child } of entries) if (process.running) child.stop()
      await Promise.all(entries.map(({ gone }) => gone))
    },
  } satisfies Pick<Processes, 'start' | 'list' | 'output' | 'kill'> & { stopOwner(owner: string): Promise<void> }
}
