import type { Queries } from '../../platform/database.ts'

export interface Settings {
  readonly settings: string | null
  readonly version: number
}
export const findSettings = (queries: Queries, accountId: string): Promise<Settings | undefined> =>
  queries.selectFrom('accounts').select(['settings', 'settings_version as version']).where('id', '=', accountId).executeTakeFirst()
export async function saveSettings(queries: Queries, accountId: string, { settings, version }: Settings, now: number): Promise<void> {
  await queries.updateTable('accounts').set({ settings, settings_version: version, updated_at: now }).where('id', '=', accountId).execute()
}
/** The vendors that the account has a token of. */
export async function connectedVendors(queries: Queries, accountId: string): Promise<string[]> {
  const rows = await queries.selectFrom('vendor_tokens').select('vendor').where('account_id', '=', accountId).orderBy('vendor').execute()
  return rows.map(({ vendor }) => vendor)
}
