import { setTimeout as delay } from 'node:timers/promises'
import { until } from '@steward/testkit'
import type { RelaySocket } from '@steward/testkit/relay'
import type { Field } from '../field.ts'
import { openLine } from '../line.ts'
import { createSide, type Opened, type StreamSide } from './stream-side.ts'

/** Where nothing has come for so long, an end takes its stream up again: something was lost between nodes. The opener is the one to be quick. */
const stuckMs = { opener: 4_000, machine: 20_000 }
/** So long all that was sent may take to arrive when the faults are over. */
const endLimitMs = 40_000

/** Bytes go both ways between a client and its machine all the time, over whatever connections the two have. All must have arrived at the end. */
export async function stream(field: Field, machineId: string): Promise<void> {
  const { tally, chance } = field
  let machineSide: StreamSide | undefined
  let phoneSide: StreamSide | undefined
  const resume = (side: StreamSide, socket: RelaySocket) => {
    const again = async (): Promise<void> => {
      while (socket.socket.connected && side.closedBecause() === undefined && !(await side.resume(socket))) await field.pause(300)
    }
    void again()
  }
  const machine = openLine({
    field,
    handshake: () => ({ clientType: 'machine-scoped', machineId }),
    before(socket) {
      socket.on('stream-offer', (offer: Opened, answer: (value: unknown) => void) => {
        machineSide = createSide(offer, { sends: 'what the machine sends', gets: 'what the phone sends' }, 0, tally)
        answer({ accept: true })
        // The socket it came over is the line's present one.
        void machine.connected().then((now) => machineSide?.use(now.socket))
      })
    },
    opened(socket) {
      const listen = async () => {
        while (socket.socket.connected) {
          const ack = await socket.call<{ ok: boolean }>('stream-listen', {}, 3_000).catch(() => undefined)
          if (ack?.ok === true) break
        }
      }
      void listen()
      if (machineSide) resume(machineSide, socket)
    },
  })
  const phone = openLine({ field, opened: (socket) => (phoneSide ? resume(phoneSide, socket) : undefined) })
  const open = async (): Promise<StreamSide> => {
    for (;;) {
      const { socket } = await phone.connected()
      const ack = await socket.call<Opened & { ok: boolean; window: number }>('stream-open', { machineId }, 15_000).catch(() => undefined)
      if (ack?.ok === true) {
        const side = createSide(ack, { sends: 'what the phone sends', gets: 'what the machine sends' }, ack.window, tally)
        side.use(socket)
        return side
      }
      await field.pause(300)
    }
  }
  phoneSide = await open()
  const done = new AbortController()
  const watch = async (side: () => StreamSide | undefined, line: typeof phone, limitMs: number) => {
    let triedAt = performance.now()
    while (!done.signal.aborted) {
      await delay(500 + chance.next() * 500)
      const one = side()
      const now = performance.now()
      if (one === undefined || one.closedBecause() !== undefined || now - Math.max(one.lastAt(), triedAt) < limitMs) continue
      triedAt = now
      tally.count('streams found stuck')
      await one.resume((await line.connected()).socket)
    }
  }
  const watches = [watch(() => phoneSide, phone, stuckMs.opener), watch(() => machineSide, machine, stuckMs.machine)]
  const sides = () => [phoneSide, machineSide] as const
  while (!field.isOver()) {
    for (const side of sides()) side?.produce()
    for (const side of sides())
      if (side?.closedBecause() !== undefined) {
        tally.broken(`A stream was closed: ${side.closedBecause()}`)
        done.abort()
      }
    if (done.signal.aborted) break
    await field.pause(300)
  }
  const [one, two] = sides()
  if (one && two && !done.signal.aborted) {
    const isWhole = () => one.received() === two.produced() && two.received() === one.produced()
    await until(isWhole, { timeoutMs: endLimitMs }).catch(() =>
      tally.broken(
        `A stream brought ${one.received()} of ${two.produced()} bytes and ${two.received()} of ${one.produced()}. Phone: ${one.state()}. Machine: ${two.state()}.`,
      ),
    )
    if (isWhole() && (one.hashes().received !== two.hashes().produced || two.hashes().received !== one.hashes().produced))
      tally.broken('A stream brought other bytes than were sent.')
  }
  done.abort()
  await Promise.all(watches)
  phone.close()
  machine.close()
}
