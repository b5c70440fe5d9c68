import { rounds, type Figure } from './figures.ts'
import { startPlace } from './place.ts'

const calls = 20_000
const inFlight = 64

/** Reads over one connection of the socket, 64 at a time: the client's work and the daemon's together. */
export async function measureIpc(): Promise<Figure[]> {
  await using place = await startPlace()
  const client = place.ipc()
  const { id } = await client.sessions.create({ title: 'bench' })
  const rate = async (one: () => Promise<unknown>) => {
    const found: number[] = []
    for (let round = 0; round <= rounds; round++) {
      let left = calls
      const from = performance.now()
      const worker = async () => {
        while (left-- > 0) await one()
      }
      await Promise.all(Array.from({ length: inFlight }, worker))
      if (round > 0) found.push((calls / (performance.now() - from)) * 1_000)
    }
    return Math.max(...found)
  }
  const read = await rate(() => client.sessions.get({ id }))
  const note = `one connection, ${inFlight} at a time; client and daemon share the machine`
  return [{ name: 'IPC calls per second', value: read, unit: '/s', limit: 5_000, atMost: false, note }]
}
