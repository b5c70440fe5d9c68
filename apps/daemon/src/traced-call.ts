import { Fault } from '@steward/contract'
import type { Call } from '@steward/kernel'
import type { Logger } from './platform/log/logger.ts'

const longestName = 100
/** The same call with a line for each use of it at level debug: the operation, who called, how long it took, and the fault's code where it was refused. */
export function traceCalls(call: Call, log: Logger): Call {
  return async (caller, name, input, options) => {
    if (!log.isLevelEnabled('debug')) return call(caller, name, input, options)
    const operation = name.slice(0, longestName)
    const from = performance.now()
    const tell = (outcome: string) =>
      log.debug({ operation, caller: caller.id, ms: Math.round((performance.now() - from) * 10) / 10 }, `${operation} ${outcome}`)
    try {
      const reply = await call(caller, name, input, options)
      tell('done')
      return reply
    } catch (error) {
      tell(error instanceof Fault ? error.code : 'failed')
      throw error
    }
  }
}
