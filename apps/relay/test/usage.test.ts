import { expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'
import { startRelay } from './start.ts'

interface Usage {
  readonly usage: { readonly timestamp: number; readonly tokens: object; readonly cost: object; readonly reportCount: number }[]
  readonly groupBy: string
  readonly totalReports: number
}
onMainKinds((begin) => {
  test('what an agent reports is summed up by key, and a later report of the same key takes the place of the earlier', async () => {
    const relay = await begin()
    const { api, socket, socketElsewhere } = await relay.account()
    const { body } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })
    const sessionId = body.session.id
    const phone = await socket()
    const agent = await socketElsewhere({ clientType: 'session-scoped', sessionId })
    const report = (tokens: object, cost: object, key = 'claude', of: object = { sessionId }) =>
      agent.call<{ success: true; reportId: string; createdAt: number }>('usage-report', { key, ...of, tokens, cost })
    const first = await report({ total: 5, input: 5 }, { total: 0.5 })
    expect(first).toMatchObject({ success: true, reportId: expect.any(String), createdAt: expect.any(Number), updatedAt: expect.any(Number) })
    const second = await report({ total: 10, input: 7, output: 3 }, { total: 0.75 })
    expect(second).toMatchObject({ reportId: first.reportId, createdAt: first.createdAt })
    await report({ total: 1, cached: 1 }, { total: 0.25, model: 0.25 }, 'codex')
    expect(await phone.nextEphemeral(({ type, key }) => type === 'usage' && key === 'codex')).toMatchObject({
      id: sessionId,
      tokens: { total: 1, cached: 1 },
      cost: { total: 0.25, model: 0.25 },
      timestamp: expect.any(Number),
    })
    await report({ total: 100 }, { total: 2 }, 'claude', {})
    const day = 86_400
    const today = Math.floor(first.createdAt / 1000 / day) * day
    const query = async (input: object) => (await api.post<Usage>('/v1/usage/query', input)).body
    expect(await query({ sessionId, startTime: today, endTime: today + 2 * day, groupBy: 'day' })).toEqual({
      groupBy: 'day',
      totalReports: 2,
      usage: [{ timestamp: today, tokens: { total: 11, input: 7, output: 3, cached: 1 }, cost: { total: 1, model: 0.25 }, reportCount: 2 }],
    })
    expect(await query({ sessionId: null, groupBy: null, startTime: null })).toMatchObject({
      groupBy: 'day',
      totalReports: 3,
      usage: [{ tokens: { total: 111 }, reportCount: 3 }],
    })
    const hour = Math.floor(first.createdAt / 3_600_000) * 3_600
    expect((await query({ groupBy: 'hour' })).usage[0]).toMatchObject({ timestamp: hour })
    expect(await query({ endTime: today - 1 })).toEqual({ groupBy: 'day', totalReports: 0, usage: [] })
    await api.delete(`/v1/sessions/${sessionId}`)
    expect(await query({})).toMatchObject({ totalReports: 1 })
  })

  test('a report that cannot be counted is refused in words, and nothing is kept of it', async () => {
    const relay = await begin()
    const { api, socket } = await relay.account()
    const agent = await socket()
    const good = { key: 'claude', tokens: { total: 1 }, cost: { total: 1 } }
    const refusals = [
      [{ ...good, tokens: { input: 1 } }, 'total'],
      [{ ...good, cost: { total: 'much' } }, 'cost'],
      [{ ...good, key: '' }, 'key'],
      [{ ...good, sessionId: 'none' }, 'Session not found'],
    ] as const
    for (const [sent, words] of refusals)
      expect(await agent.call('usage-report', sent)).toEqual({ success: false, error: expect.stringContaining(words) })
    expect((await api.post<Usage>('/v1/usage/query', {})).body.totalReports).toBe(0)
    expect((await api.post('/v1/usage/query', { groupBy: 'hour', startTime: 1 })).status).toBe(400)
    expect(relay.reported).toEqual([])
  })
})

test('a thousand reports are summed up whole, page by page', async () => {
  const relay = await startRelay()
  const { api } = await relay.account()
  const reports = Array.from({ length: 1_100 }, (_, n) => ({ key: `k${n}`, tokens: { total: 1 }, cost: { total: 0 } }))
  await Promise.all(reports.map((report) => api.post('/v1/usage', report)))
  const { body } = await api.post<Usage>('/v1/usage/query', {})
  expect(body.totalReports).toBe(1_100)
  expect(body.usage.reduce((sum, { tokens }) => sum + (tokens as { total: number }).total, 0)).toBe(1_100)
  await relay.stop()
})
