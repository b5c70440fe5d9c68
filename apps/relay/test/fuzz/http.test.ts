import { faultStatus } from '@steward/contract'
import { relayOperations } from '@steward/contract/relay'
import { soak } from '@steward/testkit'
import { exchange, fits } from '@steward/testkit/fuzz'
import { http } from '@steward/testkit/relay'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectNoLeak } from './child.ts'
import { expectWell } from './people.ts'
import { onEveryDatabase, seed, type Place } from './places.ts'
import { fuzzedRequest, type FuzzedRequest } from './requests.ts'

const requests = soak(200, 20_000)
const atOnce = 25
const withinMs = 15_000
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}
/** Words of a fault that are the existing clients' own, with no code beside them. */
const worded = ['Not found', 'Invalid cursor format']
const inside = /\bat \w+ \(|node:internal|\/src\/|SQLITE|sqlite|duplicate key|violates|undefined is not|Cannot read/

/** Throws what is wrong with an answer. Answers its status; 0 where the connection was closed without one. */
async function judge(place: Place, request: FuzzedRequest): Promise<number> {
  const { what, op, text } = request
  const bytes = request.bytes(place)
  const got = await exchange(place.child.url, bytes, { withinMs, thenEnd: request.isCut === true })
  if (got === null) throw new Error(`No answer within ${withinMs} ms to ${what}: ${bytes.toString('latin1', 0, 600)}`)
  const { status, body } = got
  const wrong = (why: string) => new Error(`${status} to ${what}: ${why}\n${bytes.toString('latin1', 0, 600)}\n${body.slice(0, 600)}`)
  // What is no request, or asks for another protocol, may just be hung up on.
  if (status === 0 && !/^(noise|.*: method CONNECT|.*: headers .*Upgrade)/.test(what) && !/(cut short|more behind)/.test(what))
    throw wrong('no answer')
  if (status >= 500) throw wrong('the relay is at fault')
  if (
    status < 300 &&
    op !== undefined &&
    text !== undefined &&
    !op.path.includes('{') &&
    op.method !== 'GET' &&
    !fits(relayOperations, op.name, parsed(text))
  )
    throw wrong('the contract forbids it')
  if (status < 400 || bytes.toString('latin1', 0, 5) === 'HEAD ') return status
  const said = parsed(body) as { success?: unknown; error?: unknown; code?: keyof typeof faultStatus; message?: string } | undefined
  // The existing clients' form for values that somebody else has changed.
  if (op?.name === 'kv.mutate' && status === 409 && said?.success === false) return status
  if (typeof said?.error !== 'string' || said.error === '') throw wrong('it is not of the form of a refusal')
  if (!worded.includes(said.error) && (said.code === undefined || (faultStatus[said.code] !== status && status !== 431)))
    throw wrong('the code does not fit')
  if (inside.test(`${said.error} ${said.message}`) || `${said.error} ${said.message}`.length > 1_500) throw wrong('the inside shows')
  return status
}
onEveryDatabase((begin) => {
  test(
    `${requests} requests that no client would send: each is refused with words or harmless, and nobody else notices`,
    async () => {
      const place = await begin()
      using anyone = http(place.child.url)
      const { body } = await anyone.get<Record<string, unknown>>('/openapi.json')
      const seen = new Map<number, number>()
      let slowestMs = 0
      const batch = async (all: readonly FuzzedRequest[]) => {
        const begun = performance.now()
        for (const status of await Promise.all(all.map((one) => judge(place, one)))) seen.set(status, (seen.get(status) ?? 0) + 1)
        slowestMs = Math.max(slowestMs, performance.now() - begun)
        await expectWell(place.child, place.victim)
        await Promise.all([place.own.mend(), place.stranger.mend(), place.passing.mend()])
      }
      await batch(fc.sample(fuzzedRequest(place, body), { numRuns: 50, seed }))
      const before = await place.child.counts()
      await fc.assert(fc.asyncProperty(fc.array(fuzzedRequest(place, body), { minLength: atOnce, maxLength: atOnce }), batch), {
        numRuns: requests / atOnce,
        endOnFailure: true,
        seed,
        reporter(run) {
          if (run.failed)
            throw new Error(`STEWARD_SEED=${seed}: ${run.errorInstance instanceof Error ? run.errorInstance.message : String(run.errorInstance)}`)
        },
      })
      const after = await expectNoLeak(place.child, before)
      const statuses = Object.fromEntries([...seen].toSorted(([a], [b]) => a - b))
      console.log(
        `${requests} requests, STEWARD_SEED=${seed}, statuses ${JSON.stringify(statuses)}, slowest batch ${slowestMs.toFixed(0)} ms, heap ${before.heapMb.toFixed(1)} -> ${after.heapMb.toFixed(1)} MB, resident ${before.residentMb.toFixed(0)} -> ${after.residentMb.toFixed(0)} MB, held ${JSON.stringify(before.held)} -> ${JSON.stringify(after.held)}`,
      )
      expect(after.heapMb).toBeLessThan(before.heapMb + 30)
      // Enough of them were good, so that what lies behind the first check was reached.
      expect(seen.get(200) ?? 0).toBeGreaterThan(requests / 20)
    },
    soak(120_000, 1_800_000),
  )
})
