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
/** Whether a process with this id is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
