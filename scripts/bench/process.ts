import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Resident set of a process in MB of 2^20 bytes. */
export function residentMb(pid: number): number {
  if (process.platform === 'linux') return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
}
/** Processor time that a process has used since its start, user's and system's, all threads; milliseconds, in steps of 10. Linux: proc(5); NaN elsewhere. */
export function processorMs(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
