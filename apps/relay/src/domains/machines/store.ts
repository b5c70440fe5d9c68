import type { Machine } from '@steward/contract/relay'
import type { Selectable } from 'kysely'
import type { Queries } from '../../platform/database.ts'
import { fitting, octets } from '../../platform/weights.ts'
import type { Schema } from '../../schema.ts'

export type MachineRow = Selectable<Schema['machines']>
export const machineOf = (row: MachineRow): Machine => ({
  id: row.id,
  seq: row.seq,
  metadata: row.metadata,
  metadataVersion: row.metadata_version,
  daemonState: row.daemon_state,
  daemonStateVersion: row.daemon_state_version,
  dataEncryptionKey: row.data_encryption_key,
  active: row.active === 1,
  activeAt: row.active_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})
const ofAccount = (queries: Queries, accountId: string) => queries.selectFrom('machines').selectAll().where('account_id', '=', accountId)

export const findMachine = (queries: Queries, accountId: string, id: string) => ofAccount(queries, accountId).where('id', '=', id).executeTakeFirst()
const weight = octets('metadata', 'daemon_state').as('weight')
/** The machines that were alive last; as many as fit into a page. */
export function listMachines(queries: Queries, accountId: string, limit: number) {
  const all = ofAccount(queries, accountId).orderBy('active_at', 'desc').orderBy('id').limit(limit)
  return all.limit(fitting(all.clearSelect().select(['active_at as place', weight]), 'desc')).execute()
}
export const insertMachine = async (queries: Queries, row: MachineRow): Promise<void> =>
  void (await queries.insertInto('machines').values(row).execute())
export const updateMachine = async (queries: Queries, { account_id, id }: MachineRow, changed: Partial<MachineRow>): Promise<void> =>
  void (await queries.updateTable('machines').set(changed).where('account_id', '=', account_id).where('id', '=', id).execute())
/** Removes a machine and the keys that were kept for it. */
export async function removeMachine(queries: Queries, accountId: string, id: string): Promise<void> {
  await queries.deleteFrom('access_keys').where('account_id', '=', accountId).where('machine_id', '=', id).execute()
  await queries.deleteFrom('machines').where('account_id', '=', accountId).where('id', '=', id).execute()
}
