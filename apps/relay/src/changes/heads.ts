import type { Queries } from '../platform/database.ts'

const ofStatement = 1_000
/** Where the logs of these accounts are. */
export async function readHeads(queries: Queries, accountIds: readonly string[]): Promise<{ id: string; seq: number }[]> {
  const heads: { id: string; seq: number }[] = []
  for (let from = 0; from < accountIds.length; from += ofStatement)
    heads.push(
      ...(await queries
        .selectFrom('accounts')
        .select(['id', 'seq'])
        .where('id', 'in', accountIds.slice(from, from + ofStatement))
        .execute()),
    )
  return heads
}
