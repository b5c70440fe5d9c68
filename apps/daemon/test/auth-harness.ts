import type { WireRequest } from '@steward/testkit'
import { model, type TestDaemon } from './kit.ts'

export const keys = { first: 'sk-first-of-the-stories-0001', second: 'sk-second-of-the-stories-0002', third: 'sk-third-of-the-stories-0003' }
/** No key in the environment: the stories give their own. */
export const bare = { ANTHROPIC_API_KEY: '' }
/** The key that a call came with. */
export const keyOf = ({ headers }: WireRequest) => headers['x-api-key'] ?? ''
export const open = async (daemon: TestDaemon) => (await daemon.client.sessions.create({ model })).id
