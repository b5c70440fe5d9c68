import { Fault } from '@steward/contract'
import { createPlan, type Plan } from '../../engine/schedule/plan.ts'
import { ScheduleFault, type Schedule as Engine } from '../../engine/schedule/types.ts'
import type { Schedule, StoredTask } from '@steward/contract/daemon'

export const iso = (at: number): string => new Date(at).toISOString()
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at))

function engineOf(when: Schedule): Engine {
  switch (when.kind) {
    case 'once':
      return { kind: 'once', at: Date.parse(when.at) }
    case 'interval':
      return { kind: 'interval', everyMs: when.everyMs, anchor: when.anchor === undefined ? 0 : Date.parse(when.anchor) }
    case 'cron':
      return when
  }
}
/** When a task fires by the clock; null where it follows none. Throws ScheduleFault. */
export const planOf = ({ id, schedule, quietHours, jitterMs }: Pick<StoredTask, 'id' | 'schedule' | 'quietHours' | 'jitterMs'>): Plan | null =>
  schedule === null ? null : createPlan({ schedule: engineOf(schedule), quietHours, jitterMs, id })
/** What the engine refuses is the caller's to mend: Fault `unprocessable` with the place. */
export function sound<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ScheduleFault) throw new Fault('unprocessable', error.message, { issues: [{ path: error.path, message: error.message }] })
    throw error
  }
}
