import { findDaemon as find, type FindOptions, type RunningDaemon } from '@steward/client/node/find'
import type { Home } from '../home.ts'
import { readOutline } from '../operations/outline.ts'

export type { RunningDaemon }
/** Finds the daemon of this home by its socket; undefined when none answers. Knows the operations from their outline, unless they are given. */
export const findDaemon = async (home: Home, options: FindOptions = {}): Promise<RunningDaemon | undefined> =>
  find(home, { ...options, contract: options.contract ?? (await readOutline()).operations })
