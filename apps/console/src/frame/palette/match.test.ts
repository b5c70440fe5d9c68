import { expect, test } from 'vitest'
import { groups, score, type Entry } from './match.ts'

const entries: readonly Entry[] = [
  { id: 'page/inbox', kind: 'pages', label: 'Inbox' },
  { id: 'page/logs', kind: 'pages', label: 'Logs' },
  { id: 'new', kind: 'commands', label: 'New session' },
  { id: 'ses_1', kind: 'sessions', label: 'Fix the login' },
  { id: 'ses_2', kind: 'sessions', label: 'Catalogue' },
  { id: 'ses_3', kind: 'sessions', label: 'Log files' },
  { id: 'msg_1', kind: 'messages', label: 'What was found' },
]
const shown = (query: string, recent: readonly string[] = []) =>
  Object.fromEntries(groups(entries, query, recent).map((group) => [group.kind, group.entries.map(({ id }) => id)]))

test('every word must fit, and what begins with it comes first', () => {
  expect(score({ label: 'Fix the login' }, 'login FIX')).toBe(13)
  expect(score({ label: 'Fix the login' }, 'login now')).toBeNull()
  expect(score({ label: 'shell.run', note: 'Run a command' }, 'command')).toBe(1)
  expect(shown('log')).toEqual({ pages: ['page/logs'], sessions: ['ses_3', 'ses_1', 'ses_2'], messages: ['msg_1'] })
})
test('without words what was used last comes first, and stands there only', () => {
  expect(shown('', ['ses_2', 'gone', 'page/logs'])).toEqual({
    recent: ['ses_2', 'page/logs'],
    commands: ['new'],
    pages: ['page/inbox'],
    sessions: ['ses_1', 'ses_3'],
  })
})
test('of what fits alike the one used last is first', () => {
  expect(shown('log', ['ses_1'])['sessions']).toEqual(['ses_1', 'ses_3', 'ses_2'].toSorted((one) => (one === 'ses_3' ? -1 : 1)))
})
