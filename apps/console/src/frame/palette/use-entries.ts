import { useMemo } from 'react'
import { oneLine } from '../../parts/signs.ts'
import { useRead } from '../../platform/operations.ts'
import { useSettled } from '../../platform/use-settled.ts'
import { useLeaving } from '../../sessions/leaving.ts'
import { text } from '../../text/index.ts'
import { palette as words } from '../../text/palette.ts'
import { places } from '../places.ts'
import type { Entry } from './match.ts'

const pages: readonly Entry[] = [
  ...places.map(({ to, label, go }): Entry => ({ id: to, kind: 'pages', label, note: `G ${go.toUpperCase()}`, to })),
  { id: '/audit', kind: 'pages', label: words.audit, to: '/audit' },
]

/** What the daemon holds that can be found by its name. Read when the palette opens, and kept current. */
function useThings(): readonly Entry[] {
  const sessions = useRead('sessions.list', { limit: 200 }).data?.items
  const apps = useRead('tools.list', {}).data?.apps
  const workflows = useRead('workflows.list', { limit: 200 }).data?.items
  const tasks = useRead('tasks.list', { kind: 'stored', limit: 200 }).data?.items
  const settings = useRead('settings.list', {}).data?.items
  return useMemo(
    () => [
      ...(sessions ?? []).map(({ id, title, status }): Entry => ({
        id,
        kind: 'sessions',
        label: oneLine(title),
        ...(status === 'idle' ? {} : { note: text.states[status] }),
        to: `/sessions/${id}`,
      })),
      ...(apps ?? []).flatMap((app) =>
        app.tools.map(({ id, name }): Entry => ({
          id,
          kind: 'tools',
          label: oneLine(name),
          note: id,
          to: `/tools/${app.id}?tool=${encodeURIComponent(id)}`,
        })),
      ),
      ...(workflows ?? []).map(({ id, name, description }): Entry => ({
        id,
        kind: 'workflows',
        label: oneLine(name),
        words: description ?? '',
        to: `/workflows/${id}`,
      })),
      ...(tasks ?? []).map((task): Entry => ({
        id: task.id,
        kind: 'tasks',
        label: oneLine('name' in task ? task.name : task.title),
        to: `/tasks/${task.id}`,
      })),
      ...(settings ?? []).map(({ key, about }): Entry => ({ id: key, kind: 'settings', label: key, note: about, to: `/settings/general?q=${key}` })),
    ],
    [sessions, apps, workflows, tasks, settings],
  )
}
/** What the daemon finds inside messages and memories. */
function useFound(query: string): readonly Entry[] {
  const asked = useSettled(query.trim(), 120)
  const isAsked = asked !== '' && asked.length <= 400
  const found = useRead('sessions.search', { query: asked, limit: 6 }, { enabled: isAsked })
  const memories = useRead('memory.search', { query: asked, limit: 6 }, { enabled: isAsked })
  if (!isAsked || query.trim() === '') return []
  return [
    ...(found.data?.items ?? []).flatMap(({ sessionId, messageId, title, excerpt }): Entry[] =>
      messageId === null
        ? []
        : [{ id: messageId, kind: 'messages', label: oneLine(excerpt), note: oneLine(title), to: `/sessions/${sessionId}#${messageId}` }],
    ),
    ...(memories.data?.items ?? []).map(({ id, excerpt }): Entry => ({
      id,
      kind: 'memories',
      label: oneLine(excerpt),
      to: `/memory?q=${encodeURIComponent(asked)}`,
    })),
  ]
}
/** Everything that can be found for a query, before it is narrowed to what fits. */
export function useEntries(query: string, commands: readonly Entry[]): readonly Entry[] {
  const leaving = useLeaving()
  const things = useThings()
  const found = useFound(query)
  return [...commands, ...pages, ...things, ...found]
    .filter(({ id }) => !leaving.has(id))
    .map((entry) => (entry.id in words.aliases ? { ...entry, words: words.aliases[entry.id] ?? '' } : entry))
}
