import { startRedis } from '@steward/testkit/relay'
import { lacking } from '@steward/testkit'
import { expect, test } from 'vitest'
import { adviceOn } from '../src/app-files.ts'
import { defaults } from '../src/index.ts'
import { startRelay } from './start.ts'

test('an operator is told at the start what does not work as it is set up', () => {
  const config = { ...defaults, home: '/tmp/relay' }
  expect(adviceOn(config)).toEqual([])
  const bucket = { s3Endpoint: 'http://s3', s3Bucket: 'b', s3AccessKey: 'a', s3SecretKey: 's' }
  expect(adviceOn({ ...config, redisUrl: 'redis://x', ...bucket })).toEqual([])
  expect(() => adviceOn({ ...config, redisUrl: 'redis://x', s3Endpoint: 'http://s3', s3Bucket: 'b' })).toThrow(
    'set all four, or none for files in a folder',
  )
  expect(adviceOn({ ...config, redisUrl: 'redis://x' })).toEqual([
    expect.stringMatching(/^Attachments are off: .*Set an S3 bucket, or a files folder that all nodes share\.$/),
  ])
  expect(adviceOn({ ...config, redisUrl: 'redis://x', filesFolder: '/shared' })).toEqual([
    expect.stringContaining('every node must see the same folder'),
  ])
  expect(adviceOn({ ...config, livekitUrl: 'wss://x', livekitKey: 'k' })).toEqual([expect.stringMatching(/^Voice is off/)])
})
const lack = lacking('redis-server')
test.skipIf(lack !== null)(`nodes without a common place for files refuse them, and do all else${lack ?? ''}`, async () => {
  await using redis = await startRedis()
  const relay = await startRelay({ redisUrl: redis.url, filesFolder: undefined as unknown as string })
  try {
    const { api } = await relay.account()
    const { body } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'm' })
    const refused = await api.post(`/v1/sessions/${body.session.id}/attachments/request-upload`, { filename: 'a', size: 1 })
    expect(refused).toMatchObject({ status: 503, body: { error: expect.stringContaining('its operator must set an S3 bucket, or a shared folder') } })
    expect((await api.delete(`/v1/sessions/${body.session.id}`)).status).toBe(200)
    expect(relay.reported).toEqual([])
  } finally {
    await relay.stop()
  }
})
