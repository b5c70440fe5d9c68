import type { HttpClient } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'

const MiB = 1024 * 1024
/** What a page holds, and what the last of it may be beyond. */
const most = (16 + 2) * MiB + 100_000
const sizeOf = ({ headers }: { headers: Record<string, unknown> }) => Number(headers['content-length'])

onMainKinds((begin) => {
  let started: ReturnType<typeof begin> | undefined
  const usual = () => (started ??= begin())

  test('an account that keeps long messages gets them in pages that a relay can hold, whole and in order', { timeout: 60_000 }, async () => {
    const relay = await usual()
    const { api } = await relay.account()
    const { id } = (await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })).body.session
    for (let batch = 0; batch < 5; batch++) {
      const messages = Array.from({ length: 2 }, (_, at) => ({ content: `${batch}.${at} ${'A'.repeat(2 * MiB - 10)}`, localId: `${batch}.${at}` }))
      expect((await api.post(`/v3/sessions/${id}/messages`, { messages })).status).toBe(200)
    }
    const wanted = Array.from({ length: 10 }, (_, at) => at + 1)
    expect(await walk(api, (after) => `/v3/sessions/${id}/messages?limit=500&after_seq=${after}`, 'messages')).toEqual(wanted)
    const latest = await api.get<{ messages: { seq: number }[] }>(`/v1/sessions/${id}/messages`)
    expect(sizeOf(latest)).toBeLessThan(most)
    expect(latest.body.messages.map(({ seq }) => seq)).toEqual(wanted.toReversed().slice(0, latest.body.messages.length))
    const before = await api.get<{ messages: { seq: number }[]; hasMore: boolean }>(`/v3/sessions/${id}/messages?limit=500&before_seq=2147483647`)
    expect(before.body).toMatchObject({ hasMore: true, messages: latest.body.messages })
    expect(await walk(api, (since) => `/v1/changes?limit=1000&since=${since}`, 'changes')).toEqual([...wanted, 11])
  })
  test('an account whose sessions and machines say a lot of themselves gets lists that a relay can hold', { timeout: 60_000 }, async () => {
    const relay = await usual()
    const { api } = await relay.account()
    for (let made = 0; made < 9; made++) await api.post('/v1/sessions', { tag: `${made}`, metadata: 'B'.repeat(2 * MiB) })
    const ids: string[] = []
    for (let cursor = ''; ;) {
      const page = await api.get<{ sessions: { id: string }[]; nextCursor: string | null }>(`/v2/sessions?limit=200${cursor}`)
      expect(sizeOf(page)).toBeLessThan(most)
      ids.push(...page.body.sessions.map((session) => session.id))
      if (page.body.nextCursor === null) break
      cursor = `&cursor=${page.body.nextCursor}`
    }
    expect(new Set(ids).size).toBe(9)
    expect(ids).toEqual(ids.toSorted().toReversed())
    for (let made = 0; made < 9; made++) await api.post('/v1/machines', { id: `${made}`, metadata: 'C'.repeat(2 * MiB) })
    for (const path of ['/v1/sessions', '/v2/sessions/active?limit=500', '/v1/machines']) expect(sizeOf(await api.get(path)), path).toBeLessThan(most)
    expect(relay.reported).toEqual([])
  })
})
/** The numbers of all that a list gives, page by page, each of which is light. */
async function walk(api: HttpClient, path: (after: number) => string, field: 'messages' | 'changes'): Promise<number[]> {
  const seen: number[] = []
  for (;;) {
    const page = await api.get<{ hasMore: boolean } & Record<typeof field, { seq: number }[]>>(path(seen.at(-1) ?? 0))
    expect(sizeOf(page)).toBeLessThan(most)
    seen.push(...page.body[field].map(({ seq }) => seq))
    if (!page.body.hasMore) return seen
    expect(page.body[field].length).toBeGreaterThan(0)
  }
}
