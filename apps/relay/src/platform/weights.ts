import { sql, type Expression } from 'kysely'

/** What the records of one answer hold in sealed text, at most, beyond the first: a page that would be heavier ends early. A relay holds an answer in memory whole. */
const pageBytes = 16 * 1024 * 1024

/** The bytes in these columns together. */
export const octets = (...columns: readonly string[]) =>
  sql<number>`(${sql.join(
    columns.map((column) => sql`COALESCE(OCTET_LENGTH(${sql.ref(column)}), 0)`),
    sql` + `,
  )})`
/**
 * As the LIMIT of a list: how many of its rows fit into a page. `weighed` is that list with its own limit, and selects the `weight` of each row and its `place`, by which
 * the list is ordered. Both databases learn a weight without reading the text.
 */
export const fitting = (weighed: Expression<{ weight: number; place: number | string }>, order: 'asc' | 'desc') =>
  sql<number>`(SELECT COUNT(*) FROM (SELECT SUM(weight) OVER (ORDER BY place ${sql.raw(order)}) - weight AS so_far FROM ${weighed} AS weighed) AS summed WHERE so_far < ${pageBytes})`
/** Whether the texts of a page are as heavy as they may be: then it may have ended early. */
export const isHeavy = (texts: readonly (string | null)[]): boolean =>
  texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0) >= pageBytes
