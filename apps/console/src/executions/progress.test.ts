import { expect, test } from 'vitest'
import { asOf, momentsOf, progressOf, type StepRow } from './progress.ts'

const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`
const row = (id: string, status: StepRow['status'], startedAt: number | null = null, finishedAt: number | null = null): StepRow => ({
  id,
  status,
  toolId: 'files.read',
  callId: null,
  inputs: {},
  outputs: null,
  error: null,
  attempts: startedAt === null ? 0 : 1,
  startedAt: startedAt === null ? null : at(startedAt),
  finishedAt: finishedAt === null ? null : at(finishedAt),
})

test('a loop stands as its elements do: at work while more may come, failed when one has failed and the rest is over', () => {
  const rows = [row('a', 'completed', 1, 2), row('b[0]', 'completed', 2, 3), row('b[1]', 'completed', 2, 4)]
  expect(progressOf(rows, false).get('b')).toMatchObject({ status: 'started', over: 2, begun: 2, startedAt: at(2) })
  expect(progressOf([...rows, row('c', 'started', 4)], false, [{ from: 'b', to: 'c' }]).get('b')?.status).toBe('completed')
  expect(progressOf(rows, true).get('b')).toMatchObject({ status: 'completed', finishedAt: at(4) })
  expect(progressOf([...rows, row('b[2]', 'failed', 3, 5)], true).get('b')?.status).toBe('failed')
  expect(progressOf([...rows, row('b[2]', 'waiting')], false).get('b')).toMatchObject({ status: 'waiting', finishedAt: null })
})
test('a workflow inside another is one step of it', () => {
  const rows = [row('in/a', 'completed', 1, 2), row('in/b[0]', 'unknown', 2)]
  expect([...progressOf(rows, false).keys()]).toEqual(['in'])
  expect(progressOf(rows, false).get('in')?.status).toBe('unknown')
})
test('a replay shows what had begun and ended by then', () => {
  const rows = [row('a', 'completed', 1, 2), row('b', 'failed', 2, 4), row('c', 'skipped', null, 4)]
  expect(momentsOf(rows)).toEqual([at(1), at(2), at(4)])
  expect(asOf(rows, at(1)).map(({ id, status }) => [id, status])).toEqual([['a', 'started']])
  expect(asOf(rows, at(2)).map(({ id, status }) => [id, status])).toEqual([
    ['a', 'completed'],
    ['b', 'started'],
  ])
  expect(asOf(rows, at(4))).toEqual(rows)
})
