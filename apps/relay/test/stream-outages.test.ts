import { createHash, randomBytes } from 'node:crypto'
import { lacking, until } from '@steward/testkit'
import { lackingPostgres, type RelaySocket } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { startOverLine } from './line.ts'
import { StreamEnd } from './stream-end.ts'

const missing = lackingPostgres() ?? lacking('redis-server')
const machineId = 'machine-1'
const digest = (parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest('hex')

/** Two nodes whose way to each other leads through `line`, and an account with a phone on one and a machine on the other, joined by a stream. */
async function begin() {
  await using stack = new AsyncDisposableStack()
  const { relay, line } = await startOverLine(stack)
  const { socket, socketElsewhere } = await relay.account()
  const sockets = { phone: await socket(), machine: await socketElsewhere({ clientType: 'machine-scoped', machineId }) }
  const taken = Promise.withResolvers<StreamEnd>()
  sockets.machine.socket.on('stream-offer', (offer: { streamId: string; key: string }, answer: (value: unknown) => void) => {
    taken.resolve(new StreamEnd(sockets.machine, offer, 0))
    answer({ accept: true })
  })
  await sockets.machine.call('stream-listen', {})
  const opened = await sockets.phone.call<{ streamId: string; key: string; window: number }>('stream-open', { machineId })
  const phone = new StreamEnd(sockets.phone, opened, opened.window)
  const again = {
    phone: (): Promise<RelaySocket> => socketElsewhere(),
    machine: (): Promise<RelaySocket> => socket({ clientType: 'machine-scoped', machineId }),
  }
  const held = stack.move()
  return { phone, machine: await taken.promise, sockets, again, line, [Symbol.asyncDispose]: () => held.disposeAsync() }
}
test.skipIf(missing !== null)(`bytes that were lost between two nodes come again, without a word from the clients${missing ?? ''}`, async () => {
  await using place = await begin()
  const { phone, machine, line } = place
  const [there, back] = [randomBytes(12_000_000), randomBytes(12_000_000)]
  phone.write(there)
  machine.write(back)
  for (const so of [2_000_000, 5_000_000, 8_000_000]) {
    await until(() => machine.receivedBytes > so && phone.receivedBytes > so, { timeoutMs: 20_000, what: `${so} bytes` })
    line.cutAll()
  }
  await until(() => machine.receivedBytes >= there.length && phone.receivedBytes >= back.length, { timeoutMs: 20_000, what: 'all bytes' })
  expect([digest(machine.received), digest(phone.received)]).toEqual([digest([there]), digest([back])])
})

test.skipIf(missing !== null)(`a stream bears both its ends coming back at the same moment, again and again${missing ?? ''}`, async () => {
  await using place = await begin()
  const { phone, machine, sockets, again } = place
  const [there, back] = [randomBytes(12_000_000), randomBytes(12_000_000)]
  phone.write(there)
  machine.write(back)
  let now = sockets
  for (let times = 1; times <= 8; times++) {
    await until(() => machine.receivedBytes > times * 1_000_000 && phone.receivedBytes > times * 1_000_000, {
      timeoutMs: 20_000,
      what: `turn ${times}`,
    })
    const next = { phone: await again.phone(), machine: await again.machine() }
    for (const old of [now.phone, now.machine]) old.close()
    now = next
    await Promise.all([phone.resume(next.phone), machine.resume(next.machine)])
  }
  await until(() => machine.receivedBytes >= there.length && phone.receivedBytes >= back.length, { timeoutMs: 20_000, what: 'all bytes' })
  expect([digest(machine.received), digest(phone.received)]).toEqual([digest([there]), digest([back])])
})
