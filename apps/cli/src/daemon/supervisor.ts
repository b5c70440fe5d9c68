import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Home } from '../home.ts'
import { isAlive } from '../reach/answers.ts'
import { isOurs } from './processes.ts'
import type { DaemonOptions } from './options.ts'

/** What a supervisor has written down of itself. */
export interface SupervisorFile {
  readonly pid: number
  readonly state: 'running' | 'pausing' | 'starting' | 'gave-up'
  readonly restarts: number
  readonly crashes: number
  readonly lastCrash: { readonly at: string; readonly why: string } | null
  readonly why: string | null
  readonly arguments: readonly string[]
}
/** The file of the last supervisor of this home, or undefined when there is none that can be read. Its process may have ended. */
export function readSupervisor(home: Home): SupervisorFile | undefined {
  try {
    return JSON.parse(readFileSync(path.join(home.path, 'run', 'supervisor.json'), 'utf8')) as SupervisorFile
  } catch {
    return undefined
  }
}
/** The id of the supervisor that is at work for this home. */
export async function liveSupervisor(home: Home): Promise<number | undefined> {
  const pid = readSupervisor(home)?.pid
  return pid !== undefined && isAlive(pid) && (await isOurs(pid, 'supervisor')) ? pid : undefined
}
/** How the daemon of this home was started last, by its supervisor's file; nothing where it is not known. */
export function lastOptions(home: Home): DaemonOptions {
  const file = readSupervisor(home)
  if (file === undefined) return {}
  const { values } = parseArgs({
    args: [...file.arguments],
    strict: false,
    options: {
      host: { type: 'string' },
      port: { type: 'string' },
      'no-http': { type: 'boolean' },
      'tls-cert': { type: 'string' },
      'tls-key': { type: 'string' },
      'insecure-http': { type: 'boolean' },
      set: { type: 'string', multiple: true },
    },
  })
  const { host, port, 'tls-cert': tlsCert, 'tls-key': tlsKey } = values as Record<string, string | undefined>
  const set = values['set'] as readonly string[] | undefined
  return {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(tlsCert === undefined ? {} : { tlsCert }),
    ...(tlsKey === undefined ? {} : { tlsKey }),
    ...(set === undefined ? {} : { set }),
    http: values['no-http'] !== true,
    ...(values['insecure-http'] === true ? { insecureHttp: true } : {}),
  }
}
