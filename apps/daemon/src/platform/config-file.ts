import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import path from 'node:path'
import { Fault } from '@steward/contract'

const lookMs = 1_000
export interface ConfigFile {
  readonly path: string
  readonly text: string
}
/** The config file of a data folder, `config.json`; undefined where there is none. Throws Fault `unprocessable` for one that cannot be read. */
export function readConfigFile(home: string): ConfigFile | undefined {
  const file = path.join(home, 'config.json')
  try {
    return { path: file, text: readFileSync(file, 'utf8') }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new Fault('unprocessable', `The config file ${file} cannot be read: ${message}.`, undefined, { cause: error })
  }
}
/** Calls when the file was written, made or removed; it is looked at every second. Answers how to stop. */
export function watchConfigFile(home: string, changed: () => void): () => void {
  const file = path.join(home, 'config.json')
  watchFile(file, { interval: lookMs, persistent: false }, changed)
  return () => unwatchFile(file, changed)
}
