import { z } from 'zod'
import { operation } from '../operation.ts'
import { account, ClientId, database, DataKey, Done, Millis, Sealed, Version } from './common.ts'

/** A machine on which an account's daemon runs. Its id is the daemon's own and is known to its account alone. */
export const Machine = z.object({
  id: ClientId,
  /** How often it was changed. */
  seq: z.int(),
  metadata: Sealed,
  metadataVersion: Version,
  daemonState: Sealed.nullable(),
  daemonStateVersion: Version,
  dataEncryptionKey: DataKey,
  active: z.boolean(),
  activeAt: Millis,
  createdAt: Millis,
  updatedAt: Millis,
})
export type Machine = z.output<typeof Machine>
const id = ClientId
const expectedVersion = Version.optional()
const Updated = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), machine: Machine }),
  z.object({ success: z.literal(false), error: z.literal('version-mismatch'), machine: Machine }),
])

export const machineOperations = {
  'machines.create': operation({
    summary: 'Register a machine, or get the one that has this id, unchanged.',
    needs: account,
    http: 'POST /v1/machines',
    database,
    input: z.object({ id, metadata: Sealed, daemonState: Sealed.nullish(), dataEncryptionKey: DataKey.optional() }),
    output: z.object({ machine: Machine }),
  }),
  'machines.list': operation({
    summary: 'List the machines of the account, the one that was alive last first; 1000 at most.',
    needs: account,
    http: 'GET /v1/machines',
    input: z.object({}),
    // The existing clients expect the bare array.
    output: z.array(Machine),
  }),
  'machines.get': operation({
    summary: 'Get a machine.',
    needs: account,
    http: 'GET /v1/machines/{id}',
    input: z.object({ id }),
    output: z.object({ machine: Machine }),
  }),
  'machines.setMetadata': operation({
    summary: "Change a machine's metadata, if nobody else has changed it meanwhile.",
    needs: account,
    http: 'POST /v1/machines/{id}/metadata',
    database,
    input: z.object({ id, metadata: Sealed, expectedVersion }),
    output: Updated,
  }),
  'machines.setState': operation({
    summary: "Change the state of a machine's daemon, if nobody else has changed it meanwhile; the machine counts as alive.",
    needs: account,
    http: 'POST /v1/machines/{id}/state',
    database,
    input: z.object({ id, daemonState: Sealed, expectedVersion }),
    output: Updated,
  }),
  'machines.delete': operation({
    summary: 'Forget a machine. Its sessions stay.',
    needs: account,
    http: 'DELETE /v1/machines/{id}',
    database,
    input: z.object({ id }),
    output: Done,
  }),
}
