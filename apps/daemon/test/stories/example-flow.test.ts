/** Row 21: the example of the issue, word for word, once without any model and once with one. */
import { createSpotifyServer, type Turn } from '@steward/testkit'
import { describe, expect, test } from 'vitest'
import { model, startDaemon, type TestDaemon } from '../kit.ts'
import { ended, execute, historyOf, settle } from '../work.ts'

const words = 'Play my focus playlist'
const uri = 'spotify:playlist:37i9dQZF1DWZeKCadgRdKQ'
const planned: Turn = {
  calls: [{ name: 'json', input: { intent: 'play a playlist', confidence: 0.95, steps: [{ toolId: 'spotify.playPlaylist', inputs: { uri } }] } }],
}
async function listening(daemon: TestDaemon, baseUrl: string) {
  const { status, body } = await daemon.ask('PATCH', '/v1/apps/spotify', { settings: { baseUrl } })
  expect({ status, body }).toMatchObject({ status: 200, body: { settings: { baseUrl }, message: expect.stringContaining('spotify.token') } })
  expect((await daemon.ask('PUT', '/v1/secrets/spotify.token', { value: 'spotify-access-token' })).status).toBe(200)
  expect((await daemon.ask('GET', '/v1/apps/spotify')).body).toMatchObject({ message: null, secrets: [{ name: 'spotify.token', isSet: true }] })
}

describe.each([
  ['builtin', []],
  [model, [planned]],
] as const)('with the model %s', (planner, turns) => {
  test(`"${words}" becomes a plan, plays that playlist exactly once when it is approved, and stands in the history`, async () => {
    await using spotify = await createSpotifyServer()
    await using daemon = await startDaemon({ turns })
    await listening(daemon, spotify.url)
    await daemon.client.settings.set({ key: 'plans.model', value: planner })

    const made = await daemon.ask('POST', '/plan', { text: words })
    expect(made).toMatchObject({
      status: 200,
      body: { intent: expect.stringMatching(/./), plan: { appId: 'spotify', toolId: 'spotify.playPlaylist', inputs: { uri } }, planner },
    })
    expect(made.body.plan.steps).toEqual([{ id: 's1', appId: 'spotify', toolId: 'spotify.playPlaylist', inputs: { uri } }])
    expect(made.body.confidence).toBeGreaterThanOrEqual(0.4)
    expect(made.body.confidence).toBeLessThanOrEqual(1)
    expect(made.body.clarification).toBeUndefined()
    expect(spotify.requests).toEqual([])

    const { id: planId } = made.body.plan
    const asked = await execute(daemon, { planId })
    expect(asked).toMatchObject({ status: 'waiting', approvalId: expect.stringMatching(/^apr_/) })
    expect(spotify.requests).toEqual([])
    const { body: approval } = await daemon.ask('GET', `/v1/approvals/${asked.approvalId}`)
    expect(approval).toMatchObject({ executionId: asked.id, toolId: 'spotify.playPlaylist', input: { uri } })
    expect(approval.preview.summary).toContain(`PUT ${spotify.url}/me/player/play`)
    expect(await settle(daemon, asked.approvalId)).toEqual({ settled: true })

    expect(await ended(daemon, asked.id)).toMatchObject({ status: 'completed', errors: null })
    expect(spotify.requests).toMatchObject([
      { method: 'PUT', path: '/v1/me/player/play', body: { context_uri: uri }, headers: { authorization: 'Bearer spotify-access-token' } },
    ])
    expect(spotify.plays).toEqual([uri])
    expect(await historyOf(daemon)).toMatchObject([{ id: asked.id, planId, toolId: 'spotify.playPlaylist', caller: 'owner', status: 'completed' }])
    expect(await execute(daemon, { planId })).toMatchObject({ id: asked.id, status: 'completed' })
    expect(spotify.requests).toHaveLength(1)
    expect(daemon.wire.requests).toHaveLength(turns.length)
  })
})
test('what Spotify refuses is a failed execution with its words, and the token is in none of it', async () => {
  await using spotify = await createSpotifyServer({ token: 'another-token' })
  await using daemon = await startDaemon({ env: { STEWARD_RUNS_PERMISSION_MODE: 'auto' } })
  await listening(daemon, spotify.url)
  const { body } = await daemon.ask('POST', '/plan', { text: words })
  const outcome = await execute(daemon, { planId: body.plan.id })
  expect(outcome).toMatchObject({ status: 'failed', errors: [{ stepId: 's1', message: expect.stringContaining('401') }] })
  expect(spotify.plays).toEqual([])
  expect(await historyOf(daemon)).toMatchObject([{ id: outcome.id, status: 'failed', errors: outcome.errors }])
  expect(JSON.stringify([outcome, await historyOf(daemon), daemon.logs])).not.toContain('spotify-access-token')
})
