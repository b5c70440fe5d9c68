import { lacking } from '@steward/testkit'
import { lackingPostgres } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { startOverLine } from './line.ts'

const missing = lackingPostgres() ?? lacking('redis-server')

test.skipIf(missing !== null)(
  `a call ends at its time-out, and when its caller wants no answer any more, also while Redis is silent${missing ?? ''}`,
  async () => {
    await using stack = new AsyncDisposableStack()
    const { relay, line } = await startOverLine(stack)
    const { socket, socketElsewhere } = await relay.account()
    const phone = await socket()
    const machine = await socketElsewhere({ clientType: 'machine-scoped', machineId: 'm' })
    await machine.serve('m:echo', () => 'here')
    expect(await phone.call('rpc-call', { method: 'm:echo', params: 'p' })).toEqual({ ok: true, result: 'here' })
    line.stall()
    const [late, gone] = [
      phone.call<{ ok: boolean }>('rpc-call', { method: 'm:echo', params: 'p', timeoutMs: 500 }, 10_000),
      phone.call<{ ok: boolean; error: string }>('rpc-call', { method: 'm:echo', params: 'p', callId: 'c' }, 10_000),
    ]
    // The relay itself gives Redis up after 2 s.
    expect(await Promise.race([late.then(() => 'late'), gone.then(() => 'gone')])).toBe('late')
    expect(await late).toMatchObject({ ok: false })
    expect(await phone.call('rpc-cancel', { callId: 'c' })).toEqual({ ok: true })
    expect((await gone).error).toMatch(/cancelled/)
  },
)
