import { expect, test } from 'vitest'
import { weightOf } from './reader.ts'

const update = (body: { t: string; [field: string]: unknown }) => ({ update: { id: 'c', seq: 1, createdAt: 1, body } })
const value = 'x'.repeat(10_000)

test('what waits for a socket is counted wherever in a change the long texts stand', () => {
  const bodies = [
    { t: 'new-message', sid: 's', message: { id: 'm', content: { t: 'encrypted', c: value } } },
    { t: 'new-session', id: 's', metadata: value },
    { t: 'update-session', id: 's', agentState: { value, version: 1 } },
    { t: 'update-artifact', artifactId: 'a', body: { value, version: 2 } },
    { t: 'kv-batch-update', changes: [{ key: 'k', value, version: 0 }] },
  ]
  for (const body of bodies) expect(weightOf(update(body)), body.t).toBeGreaterThan(10_000)
  expect(weightOf(update({ t: 'delete-session', sid: 's' }))).toBeLessThan(1_000)
})
