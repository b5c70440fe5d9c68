import { timed, type Figure } from '../figures.ts'
import { enter } from './client.ts'
import { costOf, type Ground } from './ground.ts'
import { rateOf } from './rate.ts'

const machineId = 'bench-machine'
const params = 'q'.repeat(200)
const inFlight = 32
const aWindow = 20

/** RPC from a phone's socket to a machine's and back: one after the other, and 32 at a time. Both clients are in one process. */
export async function measureRpc(ground: Ground): Promise<Figure[]> {
  using account = await enter(ground)
  await account.api.post('/v1/machines', { id: machineId, metadata: 'c2VhbGVk' })
  const machine = await account.socket({ clientType: 'machine-scoped', machineId })
  const method = `${machineId}:echo`
  await new Promise<void>((registered) => {
    machine.hear((event) => event === 'rpc-registered' && registered())
    machine.emit('rpc-register', { method })
  })
  machine.hear((event, _read, acknowledge) => event === 'rpc-request' && acknowledge(params))
  const phone = await account.socket({ clientType: 'user-scoped' })
  const one = async () => {
    const { ok, result } = await phone.call<{ ok: boolean; result: unknown }>('rpc-call', { method, params })
    if (!ok || result !== params) throw new Error('A method was not answered.')
  }
  const alone = await timed(2_000, one)
  const many = await rateOf(ground, inFlight, async () => {
    for (let n = 0; n < aWindow; n++) await one()
  })
  const unknown = await timed(20, () => phone.call('rpc-call', { method: `${machineId}:nothing`, params }).catch(() => undefined))
  return [
    { name: 'RPC round trip', value: alone.p50, ...alone, unit: 'ms', limit: 0.5, reference: 'p50 0.33 to 0.34 ms' },
    {
      name: `RPC, ${inFlight} at a time`,
      value: many.perSecond * aWindow,
      unit: 'a second',
      limit: 15_000,
      atMost: false,
      note: `200 bytes each way${costOf(many.usedMs, many.count * aWindow)}`,
      reference: '7,056 to 9,345 a second',
    },
    { name: 'RPC that nobody serves, until it is refused', value: unknown.p50, ...unknown, unit: 'ms', reference: '15,030 ms' },
  ]
}
