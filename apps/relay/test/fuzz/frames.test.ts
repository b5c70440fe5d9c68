import { soak, until } from '@steward/testkit'
import { exchange } from '@steward/testkit/fuzz'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectNoLeak } from './child.ts'
import { fuzzedEvent, streamStands, type FuzzedEvent } from './events.ts'
import { openLine, type Line } from './line.ts'
import { fuzzedHandshake, fuzzedIntroduction, fuzzedPackets, type Packet } from './packets.ts'
import { expectWell } from './people.ts'
import { onEveryDatabase, seed, type Place } from './places.ts'
import { poolOf, withIds } from './requests.ts'

const frames = soak(200, 20_000)
/** Three quarters are events on connections that must go on, the rest what may end its connection. */
const share = { events: frames * 0.75, packets: frames * 0.25 }
const atOnce = 40
/** A call between devices may wait for one that is likely to be back. */
const ackMs = 35_000
const assured = <T>(arbitrary: fc.Arbitrary<T>, batch: (made: T) => Promise<void>, runs: number) =>
  fc.assert(fc.asyncProperty(arbitrary, batch), {
    numRuns: Math.ceil(runs),
    endOnFailure: true,
    seed,
    reporter(run) {
      if (run.failed)
        throw new Error(`STEWARD_SEED=${seed}: ${run.errorInstance instanceof Error ? run.errorInstance.message : String(run.errorInstance)}`)
    },
  })
/** The lines that events are sent on: two of a machine, so that one calls the other, and one of each other kind. */
function createLines(place: Place) {
  const { own, stranger, child } = place
  const introductions = (): readonly Record<string, unknown>[] => [
    { token: own.token() },
    { token: own.token(), clientType: 'session-scoped', sessionId: own.ids().session },
    { token: own.token(), clientType: 'machine-scoped', machineId: own.ids().machine },
    { token: stranger.token() },
  ]
  const lines: Line[] = []
  return {
    async at(index: number): Promise<Line> {
      const have = lines[index]
      if (have?.open()) return have
      const line = await openLine(child.url, introductions()[index])
      if (!line.introduced()) throw new Error(`A good introduction was refused: ${line.refused()}`)
      return (lines[index] = line)
    },
    close: () => Promise.all(lines.map((line) => (line.close(), line.closed))),
  }
}
onEveryDatabase((begin) => {
  test(
    `${frames} frames that no client would send: what asks for an answer gets one, connections that can go on do, and nobody else notices`,
    async () => {
      const place = await begin()
      const { child, victim } = place
      const pool = poolOf(place)
      const lines = createLines(place)
      let id = 0
      let slowestMs = 0
      let [acked, refusals] = [0, 0]
      const mend = () => Promise.all([place.own.mend(), place.stranger.mend()])
      const sendEvent = async (index: number, event: FuzzedEvent) => {
        const line = await lines.at(index)
        const data = withIds(event.data, place).replaceAll(streamStands.id, line.stream.id).replaceAll(streamStands.key, line.stream.key)
        const ack = event.asksAck ? String(++id) : ''
        const count = event.attachments.length
        line.send(count > 0 ? `45${count}-${ack}${data}` : `42${ack}${data}`)
        for (const bytes of event.attachments) line.send(bytes)
        return { line, event, id }
      }
      const events = async (batch: readonly (readonly [number, FuzzedEvent])[]) => {
        const begun = performance.now()
        const sent = []
        for (const [index, event] of batch) sent.push(await sendEvent(index, event))
        for (const { line, event, id: ack } of sent) {
          if (!event.due) continue
          await until(() => line.acks.has(ack) || !line.open(), { timeoutMs: ackMs, what: `the acknowledgement of ${event.what}` }).catch(
            (error: unknown) => {
              throw new Error(`${(error as Error).message} ${event.data.slice(0, 500)}`, { cause: error })
            },
          )
          if (!line.acks.has(ack)) {
            const all = sent.filter((other) => other.line === line).map((other) => `${other.event.what} ${other.event.data.slice(0, 200)}`)
            throw new Error(`The connection was ended (${line.why()}) by one of\n${all.join('\n')}`)
          }
          const answer = line.acks.get(ack) as { ok?: unknown; result?: unknown; success?: unknown } | undefined
          acked++
          if (answer?.ok === false || answer?.result === 'error' || answer?.success === false) refusals++
          line.acks.delete(ack)
        }
        for (const { line, event } of sent)
          if (!line.open()) throw new Error(`The connection was ended (${line.why()}) in a batch with ${event.what}`)
        slowestMs = Math.max(slowestMs, performance.now() - begun)
        await expectWell(child, victim)
        await mend()
      }
      const packets = async ([introduction, some]: readonly [unknown, readonly Packet[]]) => {
        const line = await openLine(child.url, introduction)
        for (const packet of some) line.send(packet)
        if (line.introduced()) line.send('429["ping",{}]')
        await Promise.race([line.closed, until(() => line.acks.has(9), { timeoutMs: 1_000 }).catch(() => undefined)])
        line.close()
        await line.closed
      }
      const handshake = async (bytes: Buffer) => {
        // Some are good, and their connections are kept for more.
        const got = await exchange(child.url, bytes, { withinMs: 300 })
        if (got && got.status >= 500) throw new Error(`${got.status} to ${bytes.toString()}`)
      }
      const batchOfEvents = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fuzzedEvent(pool)), { minLength: atOnce, maxLength: atOnce })
      const introduction = fc.oneof(fc.constant({ token: place.own.token() }), fc.constant(undefined), fuzzedIntroduction(place.own.token(), pool))
      const batchOfPackets = fc.array(fc.tuple(introduction, fuzzedPackets), { minLength: 5, maxLength: 5 })

      await events(fc.sample(batchOfEvents, { numRuns: 1, seed })[0] ?? [])
      await Promise.all((fc.sample(batchOfPackets, { numRuns: 1, seed })[0] ?? []).map(packets))
      await lines.close()
      const before = await child.counts()
      await assured(batchOfEvents, events, share.events / atOnce)
      await lines.close()
      let sent = 0
      await assured(
        fc.tuple(batchOfPackets, fc.array(fuzzedHandshake, { minLength: 5, maxLength: 5 })),
        async ([some, handshakes]) => {
          await Promise.all([...some.map(packets), ...handshakes.map(handshake)])
          sent += some.reduce((sum, [, all]) => sum + all.length, 0)
          await expectWell(child, victim)
        },
        share.packets / 10,
      )
      const after = await expectNoLeak(child, before)
      console.log(
        `${share.events} events (${acked} acknowledged, ${refusals} of them refusals), ${sent} packets and ${share.packets / 2} handshakes, STEWARD_SEED=${seed}, slowest batch ${slowestMs.toFixed(0)} ms, heap ${before.heapMb.toFixed(1)} -> ${after.heapMb.toFixed(1)} MB, resident ${before.residentMb.toFixed(0)} -> ${after.residentMb.toFixed(0)} MB, held ${JSON.stringify(before.held)} -> ${JSON.stringify(after.held)}`,
      )
      expect(after.heapMb).toBeLessThan(before.heapMb + 30)
      expect(acked - refusals).toBeGreaterThan(acked / 20)
    },
    soak(120_000, 1_800_000),
  )
})
