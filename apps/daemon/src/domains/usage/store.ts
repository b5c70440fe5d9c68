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
export type Grouping = 'day' | 'model' | 'agent' | 'task'
/** `since` ≤ time < `until`, ISO 8601 with milliseconds. */
export interface RunFilter {
  readonly sessionId?: string | undefined
  readonly model?: string | undefined
  readonly agentId?: string | undefined
  readonly taskId?: string | undefined
  readonly during?: { readonly since: string; readonly until: string } | undefined
}
const columns = `seq, run_id AS runId, session_id AS sessionId, agent_id AS agentId, model, input_tokens AS inputTokens, output_tokens AS outputTokens,
  cache_read_tokens AS cacheReadTokens, cache_write_tokens AS cacheWriteTokens, cost_usd AS costUsd, turns, tools, compactions, duration_ms AS durationMs,
  stop_reason AS stopReason, reset_marker AS resetMarker, at`
const sums = `sum(input_tokens) AS inputTokens, sum(output_tokens) AS outputTokens, sum(cache_read_tokens) AS cacheReadTokens,
  sum(cache_write_tokens) AS cacheWriteTokens, sum(cost_usd) AS costUsd, count(DISTINCT run_id) AS runs, sum(turns) AS turns, sum(tools) AS tools`
/** What no task has started has the key ''. */
const taskKey = "coalesce((SELECT task_id FROM task_runs WHERE task_runs.run_id = usage_lines.run_id), '')"
const groups: Record<Grouping, { column: string; order: string; beyond: string }> = {
  day: { column: 'day', order: 'DESC', beyond: '<' },
  model: { column: 'model', order: 'ASC', beyond: '>' },
  agent: { column: 'agent_id', order: 'ASC', beyond: '>' },
  task: { column: taskKey, order: 'ASC', beyond: '>' },
}
const filters = {
  sessionId: 'session_id = :sessionId',
  model: 'model = :model',
  agentId: 'agent_id = :agentId',
  taskId: 'run_id IN (SELECT run_id FROM task_runs WHERE task_id = :taskId)',
  during: `EXISTS (SELECT 1 FROM usage_lines l WHERE l.run_id = run_usage.run_id AND l.model = run_usage.model AND l.at >= :since AND l.at < :until)`,
} as const satisfies Record<keyof RunFilter, string>
const filterNames = Object.keys(filters) as (keyof RunFilter)[]
/** The only file that knows the tables usage_lines and run_usage, which are built from the chat log alone; task_runs is written with each fire. */
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
  const runs = new Map<string, ReturnType<Database['prepare']>>()
  const runsBy = (names: readonly (keyof RunFilter)[]) => {
    const shape = names.join()
    const known = runs.get(shape)
    if (known) return known
    const wanted = names.map((name) => `${filters[name]} AND `).join('')
    const made = db.prepare(`SELECT ${columns} FROM run_usage WHERE ${wanted}seq < :before ORDER BY seq DESC LIMIT :limit`)
    runs.set(shape, made)
    return made
  }
  const totals = (grouping: Grouping) => {
    const { column, order, beyond } = groups[grouping]
    return db.prepare(`SELECT ${column} AS key, ${sums} FROM usage_lines
      WHERE at >= :since AND at < :until AND day >= substr(:since, 1, 10) AND day <= substr(:until, 1, 10) AND (:model IS NULL OR model = :model)
        AND (:after IS NULL OR ${column} ${beyond} :after) GROUP BY 1 ORDER BY 1 ${order} LIMIT :limit`)
  }
  const grouped = { day: totals('day'), model: totals('model'), agent: totals('agent'), task: totals('task') }
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
    runs({ during, ...filter }: RunFilter, limit: number, before = Number.MAX_SAFE_INTEGER): (RunUsage & { seq: number })[] {
      const given = Object.fromEntries(Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined))
      const names = filterNames.filter((name) => name in given || (name === 'during' && during !== undefined))
      return runsBy(names)
        .all({ ...given, ...during, before, limit })
        .map((row) => plain(row))
    },
    /** Sums of the lines with since ≤ at < until; days newest first, models, agents and tasks by name. */
    totals: (
      grouping: Grouping,
      asked: { readonly since: string; readonly until: string; readonly model: string | null },
      limit: number,
      after: string | null,
    ): Total[] => grouped[grouping].all({ ...asked, after, limit }).map((row) => plain(row)),
  }
}
