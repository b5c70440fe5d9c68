import { rounds, type Figure } from '../figures.ts'
import { enter } from './client.ts'
import { processorOf, type Ground } from './ground.ts'

const machineId = 'bench-streams'
const piece = Buffer.alloc(256 * 1024, 7)
const pieces = 512
const windowBytes = 2 * 1024 * 1024
interface Opened {
  readonly ok: boolean
  readonly streamId: string
  readonly window: number
}
/** 128 MiB from a phone's socket to a machine's over one stream, in pieces of 256 KiB with credit as they are taken. */
export async function measureStreams(ground: Ground): Promise<Figure[]> {
  using account = await enter(ground)
  await account.api.post('/v1/machines', { id: machineId, metadata: 'c2VhbGVk' })
  const machine = await account.socket({ clientType: 'machine-scoped', machineId })
  machine.hear((event, _read, acknowledge) => event === 'stream-offer' && acknowledge({ accept: true }))
  await machine.call('stream-listen', {})
  const phone = await account.socket({ clientType: 'user-scoped' })
  let best = 0
  let used = 0
  for (let round = 0; round <= rounds; round++) {
    const before = processorOf(ground)
    const takenMs = await carry()
    const perSecond = (pieces * piece.length) / 1e6 / (takenMs / 1_000)
    if (round === 0 || perSecond < best) continue
    best = perSecond
    used = processorOf(ground) - before
  }
  const note = `128 MiB in pieces of 256 KiB${Number.isNaN(used) ? '' : `, ${Math.round(used)} ms of the relay's processor time`}`
  return [{ name: 'bytes of one stream', value: best, unit: 'MB/s', limit: 20, atMost: false, note }]

  /** Milliseconds from the first byte to the last at the other end. */
  async function carry(): Promise<number> {
    const { ok, streamId, window } = await phone.call<Opened>('stream-open', { machineId, meta: '' })
    if (!ok) throw new Error('The server takes no streams.')
    let allowed = window
    let sent = 0
    let received = 0
    const from = performance.now()
    const all = new Promise<void>((resolve) => {
      machine.hearBytes((_event, _fields, bytes) => {
        received += bytes.length
        if (received >= pieces * piece.length) resolve()
        else machine.emit('stream-credit', { streamId, upTo: received + windowBytes })
      })
    })
    const pump = () => {
      for (; sent < pieces * piece.length && sent + piece.length <= allowed; sent += piece.length)
        phone.emitBytes('stream-data', { streamId, offset: sent }, piece)
    }
    phone.hear((event, read) => {
      if (event !== 'stream-credit') return
      const [{ upTo }] = read() as [{ upTo: number }]
      allowed = Math.max(allowed, upTo)
      pump()
    })
    pump()
    await all
    const takenMs = performance.now() - from
    await phone.call('stream-close', { streamId, reason: 'done' })
    return takenMs
  }
}
