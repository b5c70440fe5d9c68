import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { Fault } from '@steward/contract'

const lookMs = 1_000
export interface ConfigFile {
  readonly path: string
  readonly text: string
}
/**
 * The config file of a data folder, `config.json`. `read` answers undefined where there is none, and throws Fault `unprocessable` for one that cannot
 * be read. `watch` calls when it is no longer what was read last: written, made or removed; it looks every second.
 */
export function createConfigFile(home: string) {
  const file = path.join(home, 'config.json')
  let known = ''
  let timer: NodeJS.Timeout | undefined
  const look = (): string => {
    try {
      const facts = statSync(file, { throwIfNoEntry: false })
      return facts === undefined ? '' : `${facts.ino} ${facts.size} ${facts.mtimeMs}`
    } catch (error) {
      return String(error)
    }
  }
  return {
    read(): ConfigFile | undefined {
      try {
        known = look()
        return known === '' ? undefined : { path: file, text: readFileSync(file, 'utf8') }
      } catch (error) {
        throw new Fault('unprocessable', `The config file ${file} cannot be read: ${(error as Error).message}.`, undefined, { cause: error })
      }
    },
    watch(changed: () => void): void {
      timer = setInterval(() => look() !== known && changed(), lookMs)
      timer.unref()
    },
    unwatch: () => clearInterval(timer),
  }
}
