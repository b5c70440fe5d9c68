import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import { inFolder } from './folder.ts'
import { takeLock } from './lock.ts'

const pauseMs = 50
/** A wish for the lock is renewed with every try; one that is older belongs to a process that has ended. */
const freshMs = 3_000
const wishFile = (home: string) => path.join(home, 'run', 'starting')

/** Whether a daemon is starting and waits for the lock: then commands without a daemon leave it to that one. */
export const isWished = (home: string): boolean => Date.now() - (statSync(wishFile(home), { throwIfNoEntry: false })?.mtimeMs ?? 0) < freshMs

/**
 * Takes the lock for a daemon. A command that works without a daemon holds it for a moment only: it is waited for, up to `patienceMs`, and none
 * after it begins meanwhile. Throws Fault `conflict` at once when a daemon holds it that answers, and at the end of the patience.
 */
export async function takeTurn(home: string, patienceMs: number): Promise<{ release(): void }> {
  for (const until = performance.now() + patienceMs; ; await delay(pauseMs)) {
    try {
      const lock = takeLock(home)
      withdraw(home)
      return lock
    } catch (error) {
      const held = error instanceof Fault && error.code === 'conflict'
      const inVain = !held || performance.now() >= until || (await isServed(home))
      if (inVain) {
        withdraw(home)
        throw error
      }
      wish(home)
    }
  }
}
const withdraw = (home: string) => rmSync(wishFile(home), { force: true })
function wish(home: string): void {
  inFolder(home, () => writeFileSync(wishFile(home), `${process.pid}\n`, { mode: 0o600 }))
}
/** Whether the daemon that wrote down its socket answers there. */
function isServed(home: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = socketOf(home)
    if (socket === undefined) return resolve(false)
    const line = connect(socket)
    line.once('connect', () => {
      line.destroy()
      resolve(true)
    })
    line.once('error', () => resolve(false))
  })
}
function socketOf(home: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(path.join(home, 'run', 'daemon.json'), 'utf8')) as { socket?: string }).socket
  } catch {
    return undefined
  }
}
