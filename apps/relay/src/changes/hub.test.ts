import { until } from '@steward/testkit'
import { expect, test } from 'vitest'
import { createHub, type Reader } from './hub.ts'
import type { Numbered } from './log.ts'

test('a reader that the log is pruned under is told to begin anew, and goes on from there', async () => {
  let log: Numbered[] = []
  let prunedSeq = 0
  const write = (seq: number) => log.push({ update: { id: `a.${seq}`, seq, createdAt: 0, body: { t: 'x' } } })
  for (let seq = 1; seq <= 20; seq++) write(seq)
  const seen: (number | string)[] = []
  const hub = createHub({
    read: async (_account, after) => log.filter(({ update }) => update.seq > after).slice(0, 5),
    extent: async () => ({ seq: 20, prunedSeq }),
    tell: () => undefined,
    full: () => [],
    report: (error) => void seen.push(String(error)),
  })
  const reader = (since: number, all: boolean): Reader => ({
    id: `${since}`,
    give: ({ update }) => void seen.push(update.seq),
    settled: async () => {
      if (seen.at(-1) !== since + 3) return
      prunedSeq = all ? 20 : 12
      log = log.filter(({ update }) => update.seq > prunedSeq)
    },
    live: (on) => void seen.push(on ? 'live' : 'not live'),
    reset: (seq) => void seen.push(`reset ${seq}`),
  })
  await hub.attach('a', reader(2, false), 2)
  expect(seen).toEqual([3, 4, 5, 6, 7, 'reset 20', 'live'])
  seen.length = 0
  await hub.attach('a', reader(12, true), 12)
  await until(() => seen.at(-1) === 'live')
  expect(seen).toEqual([13, 14, 15, 16, 17, 'reset 20', 'live'])
  hub.close()
})

test('whoever comes while the database is away for long is refused, and nobody else is kept waiting for that', async () => {
  const hub = createHub(
    {
      read: async () => [],
      extent: () => Promise.reject(new Error('The database is away.')),
      tell: () => undefined,
      full: () => [],
      report: () => undefined,
    },
    50,
  )
  await expect(hub.prepare('a')).rejects.toMatchObject({ code: 'unavailable' })
  expect(hub.accounts()).toEqual([])
  hub.close()
})
