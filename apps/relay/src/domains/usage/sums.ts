type Amounts = Readonly<Record<string, number>>
interface Bucket {
  readonly tokens: Map<string, number>
  readonly cost: Map<string, number>
  reportCount: number
}
const seconds = { hour: 3_600, day: 86_400 } as const
export type GroupBy = keyof typeof seconds

const add = (sums: Map<string, number>, amounts: Amounts) => {
  for (const [name, amount] of Object.entries(amounts)) sums.set(name, (sums.get(name) ?? 0) + amount)
}
/** Sums up reports by the hour or day (UTC) in which they were made. */
export function createSums(groupBy: GroupBy) {
  const buckets = new Map<number, Bucket>()
  let totalReports = 0
  return {
    /** `createdAt` in milliseconds since 1970. */
    add(createdAt: number, tokens: Amounts, cost: Amounts): void {
      const timestamp = Math.floor(createdAt / 1000 / seconds[groupBy]) * seconds[groupBy]
      const bucket = buckets.get(timestamp) ?? { tokens: new Map(), cost: new Map(), reportCount: 0 }
      buckets.set(timestamp, bucket)
      bucket.reportCount++
      totalReports++
      add(bucket.tokens, tokens)
      add(bucket.cost, cost)
    },
    /** The buckets in the order of time, which is in seconds since 1970. */
    all: () => ({
      usage: [...buckets]
        .toSorted(([a], [b]) => a - b)
        .map(([timestamp, { tokens, cost, reportCount }]) => ({
          timestamp,
          tokens: Object.fromEntries(tokens),
          cost: Object.fromEntries(cost),
          reportCount,
        })),
      groupBy,
      totalReports,
    }),
  }
}
