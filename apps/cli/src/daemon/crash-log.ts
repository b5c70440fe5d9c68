import { mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Home } from '../home.ts'

const longBytes = 1024 * 1024
/**
 * Opens the file that a daemon in the background has as its standard output and error, for appending: what an earlier one said there stays. A long
 * one is put aside under its time, beside the log's own files; the daemon removes those when they are old.
 */
export function openCrashLog({ crashLog }: Home): number {
  mkdirSync(path.dirname(crashLog), { recursive: true, mode: 0o700 })
  if ((statSync(crashLog, { throwIfNoEntry: false })?.size ?? 0) > longBytes)
    renameSync(crashLog, path.join(path.dirname(crashLog), `crash.${new Date().toISOString().replaceAll(/[-:.]/g, '')}.log`))
  return openSync(crashLog, 'a', 0o600)
}
