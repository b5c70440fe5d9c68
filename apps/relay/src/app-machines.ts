import type { Call } from '@steward/kernel'
import { machineEvents } from './domains/machines/events.ts'
import { machineHandlers } from './domains/machines/handlers.ts'
import type { MachinePorts } from './domains/machines/handlers.ts'
import type { Parts } from './parts.ts'

/** The room of machines. */
export const openMachines = ({ database }: Parts, life: Pick<MachinePorts, 'alive' | 'changed'>) => ({
  handlers: machineHandlers({ database, ...life }),
  events: (call: Call) => machineEvents(call),
})
