import { expect, test } from 'vitest'
import { startRelay } from './start.ts'

test('the existing command gets a message that is said while it fetches the log after its fetch, and not before too', async () => {
  const relay = await startRelay()
  const { api, socket } = await relay.account()
  const { body } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'sealed' })
  const { id } = body.session
  const scope = { clientType: 'session-scoped' as const, sessionId: id }
  const other = await socket(scope)
  const command = await socket({ ...scope, happyClient: 'cli-coding-session/1.2.5' })
  await api.post(`/v3/sessions/${id}/messages`, { messages: [{ content: 'a', localId: '1' }] })
  await other.next((update) => update.body.t === 'new-message')
  const fetched = await api.get(`/v3/sessions/${id}/messages?after_seq=0`)
  expect(fetched.body).toMatchObject({ messages: [{ seq: 1 }] })
  expect(command.updates).toEqual([])
  await command.call('update-metadata', { sid: id, expectedVersion: 0, metadata: 'new' })
  await command.next((update) => update.body.t === 'update-session')
  expect(command.updates.map(({ body: { t } }) => t)).toEqual(['new-message', 'update-session'])
  await relay.stop()
})
