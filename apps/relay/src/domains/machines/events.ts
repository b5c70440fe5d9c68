import type { Fault } from '@steward/contract'
import type { Call } from '@steward/kernel'
import { fieldsOf, type SocketEvent } from '../../connection.ts'

const refused = ({ message }: Fault) => ({ result: 'error', message })

/** The existing daemons' events for a machine's two sealed fields. The acknowledgement carries the value as it is now: they decrypt it. */
export function machineEvents(call: Call): SocketEvent[] {
  const update = (event: string, operation: 'machines.setMetadata' | 'machines.setState', field: 'metadata' | 'daemonState'): SocketEvent => ({
    event,
    order: 'alone',
    async handle({ caller }, payload) {
      const sent = fieldsOf(payload)
      const { value } = await call(caller, operation, { id: sent['machineId'], [field]: sent[field], expectedVersion: sent['expectedVersion'] })
      const { success, machine } = value as { success: boolean; machine: Readonly<Record<string, unknown>> }
      return { result: success ? 'success' : 'version-mismatch', version: machine[`${field}Version`], [field]: machine[field] }
    },
    refused,
  })
  return [update('machine-update-metadata', 'machines.setMetadata', 'metadata'), update('machine-update-state', 'machines.setState', 'daemonState')]
}
