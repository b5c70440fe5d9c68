import type { Run, Session } from '@steward/contract/daemon'
import { Button } from '../../../parts/button.tsx'
import { Duration, Money, Time } from '../../../parts/facts.tsx'
import { count } from '../../../parts/format.ts'
import { Status } from '../../../parts/status.tsx'
import { useRead, type Pages } from '../../../platform/operations.ts'
import { inspector as text } from '../../../text/inspector.ts'
import { Fact, Group } from './group.tsx'

type LimitName = keyof typeof text.limitNames
const names = Object.keys(text.limitNames) as LimitName[]
const used: Readonly<Record<LimitName, (run: Run) => number>> = {
  steps: ({ steps }) => steps,
  toolCalls: ({ toolCalls }) => toolCalls,
  minutes: ({ startedAt, finishedAt }) =>
    startedAt === null ? 0 : Math.round((Date.parse(finishedAt ?? new Date().toISOString()) - Date.parse(startedAt)) / 60_000),
  tokens: ({ usage }) => usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens,
}
/** How far the newest run is within its limits. A limit of the session goes before its agent's, and that before the settings'. */
export function Limits({ session, run }: { readonly session: Session; readonly run: Run }) {
  const task = useRead('tasks.get', { id: session.id }).data
  const agent = useRead('agents.get', { id: session.agentId }).data
  const settings = useRead('config.get', { key: 'runs' }).data
  const limitOf = (name: LimitName): number | undefined => {
    const own = task?.kind === 'session' ? task.settings.limits[name] : undefined
    const usual = settings?.items.find(({ key }) => key === `runs.${name}`)?.value
    return own ?? agent?.limits[name] ?? (typeof usual === 'number' ? usual : undefined)
  }
  return (
    <Group title={text.limits}>
      <dl>
        {names.map((name) => {
          const limit = limitOf(name)
          if (limit === undefined) return null
          return (
            <Fact key={name} name={text.limitNames[name]}>
              {count(used[name](run))} / {count(limit)}
            </Fact>
          )
        })}
      </dl>
    </Group>
  )
}
/** The runs of a session that have ended, but for the one that is shown above. */
export function PastRuns({ runs, shown }: { readonly runs: Pages<Run>; readonly shown: Run | undefined }) {
  const past = runs.items.filter((run) => run.finishedAt !== null && run.id !== shown?.id)
  if (past.length === 0) return null
  return (
    <Group title={text.runs}>
      <ul>
        {past.map((run) => (
          <li key={run.id} className="flex min-h-7 flex-wrap items-center gap-x-3">
            <span className="flex-1">
              <Status state={run.status} />
            </span>
            {run.startedAt !== null && run.finishedAt !== null && <Duration ms={Date.parse(run.finishedAt) - Date.parse(run.startedAt)} />}
            <Money usd={run.usage.costUsd} />
            <Time at={run.createdAt} />
          </li>
        ))}
      </ul>
      {runs.hasMore && (
        <Button size="sm" busy={runs.isMore} onClick={runs.more} className="self-start">
          {text.moreRuns}
        </Button>
      )}
    </Group>
  )
}
