import { accessSync, constants, mkdirSync, realpathSync } from 'node:fs'
import { Fault } from '@steward/contract'

const sentences: Readonly<Record<string, string>> = {
  EACCES: 'cannot be written to; check its permissions.',
  EPERM: 'cannot be written to; check its permissions.',
  EROFS: 'lies on a disk that is read-only; make it writable, or name another folder in STEWARD_HOME.',
  ENOSPC: 'lies on a disk that is full; free some space and try again.',
  EDQUOT: 'lies on a disk where your share is used up; free some space and try again.',
  ENOTDIR: 'is not a folder, or lies under something that is none.',
  EEXIST: 'is not a folder.',
  // What making a folder with its parents says on a disk that is read-only.
  ENOENT: 'cannot be made; check that the disk it belongs on is there and can be written to.',
}
/** Makes the data folder (0700) where it is missing and gives its real path. Throws Fault `unavailable` with what to do when it cannot be used. */
export function openFolder(home: string): string {
  return inFolder(home, () => {
    mkdirSync(home, { recursive: true, mode: 0o700 })
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK)
    return realpathSync(home)
  })
}
/** Does something to the data folder; what the system refuses becomes Fault `unavailable` with what to do. */
export function inFolder<T>(home: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const sentence = error instanceof Error && 'code' in error && typeof error.code === 'string' ? sentences[error.code] : undefined
    if (sentence === undefined) throw error
    throw new Fault('unavailable', `The data folder ${home} ${sentence}`, undefined, { cause: error })
  }
}
