import type { EventData, RunUsage } from '@steward/contract/daemon'
import { plain, type Database } from '../../platform/storage/database.ts'

/** One `usage` event with its place in the chat log. */
export interface UsageLine {
  readonly seq: number
  readonly at: string
  readonly runId: string
  readonly sessionId: string
  readonly data: EventData<'usage'>
}
export interface Total {
  readonly key: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheReadTokens: number
  readonly cacheWriteTokens: number
  readonly costUsd: number
  readonly runs: number
  readonly turns: number
  readonly tools: number
}
export type Grouping = 'day' | 'model' | 'agent'
const columns = `seq, run_id AS runId, session_id AS sessionId, agent_id AS agentId, model, input_tokens AS inputTokens, output_tokens AS outputTokens,
  cache_read_tokens AS cacheReadTokens, cache_write_tokens AS cacheWriteTokens, cost_usd AS costUsd, turns, tools, compactions, duration_ms AS durationMs,
  stop_reason AS stopReason, reset_marker AS resetMarker, at`
const sums = `sum(input_tokens) AS inputTokens, sum(output_tokens) AS outputTokens, sum(cache_read_tokens) AS cacheReadTokens,
  sum(cache_write_tokens) AS cacheWriteTokens, sum(cost_usd) AS costUsd, count(DISTINCT run_id) AS runs, sum(turns) AS turns, sum(tools) AS tools`
const groups: Record<Grouping, { column: string; order: string; beyond: string }> = {
  day: { column: 'day', order: 'DESC', beyond: '<' },
  model: { column: 'model', order: 'ASC', beyond: '>' },
  agent: { column: 'agent_id', order: 'ASC', beyond: '>' },
}
/** The only file that knows the tables usage_lines and run_usage. Both are built from the chat log alone. */
export function createUsageStore(db: Database) {
  const line =
    db.prepare(`INSERT INTO usage_lines (seq, day, at, run_id, agent_id, model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_usd, turns, tools)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (seq) DO NOTHING`)
  const add =
    db.prepare(`INSERT INTO run_usage (seq, run_id, session_id, agent_id, model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_usd,
      turns, tools, compactions, duration_ms, stop_reason, reset_marker, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (run_id, model) DO UPDATE SET agent_id = excluded.agent_id, input_tokens = input_tokens + excluded.input_tokens,
      output_tokens = output_tokens + excluded.output_tokens, cache_read_tokens = cache_read_tokens + excluded.cache_read_tokens,
      cache_write_tokens = cache_write_tokens + excluded.cache_write_tokens, cost_usd = cost_usd + excluded.cost_usd, turns = turns + excluded.turns,
      tools = tools + excluded.tools, compactions = compactions + excluded.compactions, duration_ms = duration_ms + excluded.duration_ms,
      stop_reason = coalesce(excluded.stop_reason, stop_reason), reset_marker = max(reset_marker, excluded.reset_marker), at = excluded.at`)
  const runs = {
    '': db.prepare(`SELECT ${columns} FROM run_usage WHERE seq < ? ORDER BY seq DESC LIMIT ?`),
    s: db.prepare(`SELECT ${columns} FROM run_usage WHERE session_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`),
    m: db.prepare(`SELECT ${columns} FROM run_usage WHERE model = ? AND seq < ? ORDER BY seq DESC LIMIT ?`),
    sm: db.prepare(`SELECT ${columns} FROM run_usage WHERE session_id = ? AND model = ? AND seq < ? ORDER BY seq DESC LIMIT ?`),
  }
  const totals = (grouping: Grouping) => {
    const { column, order, beyond } = groups[grouping]
    const from = grouping === 'day' ? 'AND day >= substr(:since, 1, 10) AND day <= substr(:until, 1, 10)' : ''
    return db.prepare(`SELECT ${column} AS key, ${sums} FROM usage_lines
      WHERE at >= :since AND at < :until ${from} AND (:after IS NULL OR ${column} ${beyond} :after) GROUP BY ${column} ORDER BY ${column} ${order} LIMIT :limit`)
  }
  const grouped = { day: totals('day'), model: totals('model'), agent: totals('agent') }
  return {
    /** Adds what a line says, once: a line that is known already changes nothing. */
    add({ seq, at, runId, sessionId, data }: UsageLine) {
      const {
        agentId,
        model,
        inputTokens,
        outputTokens,
        cacheReadTokens,
        cacheWriteTokens,
        costUsd,
        turns,
        tools,
        compactions,
        durationMs,
        stopReason,
        resetMarker,
      } = data
      const counted = [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, costUsd, turns, tools]
      const fresh = line.run(seq, at.slice(0, 10), at, runId, agentId, model, ...counted).changes
      if (Number(fresh) === 0) return
      add.run(seq, runId, sessionId, agentId, model, ...counted, compactions, durationMs, stopReason, resetMarker, at)
    },
    /** Newest first, by the run's first line with the model. */
    runs(
      filter: { sessionId?: string | undefined; model?: string | undefined },
      limit: number,
      before = Number.MAX_SAFE_INTEGER,
    ): (RunUsage & { seq: number })[] {
      const { sessionId, model } = filter
      const shape = `${sessionId === undefined ? '' : 's'}${model === undefined ? '' : 'm'}` as keyof typeof runs
      const wanted = [sessionId, model].filter((value) => value !== undefined)
      return runs[shape].all(...wanted, before, limit).map((row) => plain(row))
    },
    /** Sums of the lines with since ≤ at < until; days newest first, models and agents by name. */
    totals: (grouping: Grouping, since: string, until: string, limit: number, after: string | null): Total[] =>
      grouped[grouping].all({ since, until, after, limit }).map((row) => plain(row)),
  }
}
