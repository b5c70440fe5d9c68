// The warden's process: reads `+group` and `-group` lines until its input closes, which means that the daemon is gone, and then kills.
import { createInterface } from 'node:readline'
import { killMarked, sendSignal } from './marked.ts'

const markPrefix = process.argv[2]
if (!markPrefix) throw new Error('The warden needs the mark of its daemon as its argument.')
// Whatever ends the daemon at the terminal must not end its warden first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

const groups = new Set<number>()
for await (const line of createInterface({ input: process.stdin })) {
  const group = Number(line.slice(1))
  if (!Number.isSafeInteger(group) || group <= 1) continue
  if (line.startsWith('+')) groups.add(group)
  else groups.delete(group)
}
for (const group of groups) sendSignal(-group, 'SIGKILL')
await killMarked(markPrefix)
