import { readFileSync } from 'node:fs'
import { connect } from 'node:net'

/** Whether something takes connections at a socket of this machine. Never throws. */
export function answers(socket: string, limitMs = 2_000): Promise<boolean> {
  return new Promise((resolve) => {
    const line = connect(socket)
    const settle = (value: boolean) => {
      clearTimeout(late)
      line.destroy()
      resolve(value)
    }
    const late = setTimeout(() => settle(false), limitMs)
    line.once('connect', () => settle(true))
    line.once('error', () => settle(false))
  })
}
/** Whether a process with this id is at work. One that has ended and only waits for its parent to take note of it is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isDefunct(pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
/** On Linux the kernel says so (proc(5), stat: the state after the name in brackets); elsewhere it is not known. */
function isDefunct(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
  } catch {
    return false
  }
}
