import type { Turn } from '@steward/testkit'
import { bestOf, median, rounds, type Figure, type Spread } from './figures.ts'
import { ask, openReader } from './http.ts'
import { startPlace, type Place } from './place.ts'

const words = Array.from({ length: 50 }, (_, n) => `word ${n} `)
const model = 'anthropic/wire-1'
const pairsPerRound = 40
const atOnce = 8
const callsPerRun = 8
/** A vendor's pace for many runs at once: so that what is measured is whether they hold each other up. */
const paced: Turn = { text: words, firstByteMs: 100, deltaMs: 10 }
interface Times {
  readonly firstMs: number
  readonly totalMs: number
}
/** What Steward adds to an answer of 50 deltas that the vendor gives at once, each time beside a direct call of the same server. */
export async function measureAnswers(): Promise<Figure[]> {
  await using place = await startPlace({ turns: [{ text: words }] })
  for (let n = 0; n < 10; n++) await pairOf(place)
  const first: number[][] = []
  const total: number[][] = []
  for (let round = 0; round < rounds; round++) {
    const pairs: (readonly [Times, Times])[] = []
    for (let n = 0; n < pairsPerRound; n++) pairs.push(await pairOf(place))
    const base = { first: median(pairs.map(([direct]) => direct.firstMs)), total: median(pairs.map(([direct]) => direct.totalMs)) }
    first.push(pairs.map(([, ours]) => ours.firstMs - base.first))
    total.push(pairs.map(([, ours]) => ours.totalMs - base.total))
  }
  const [bestFirst, bestTotal] = [bestOf(first), bestOf(total)]
  return [
    {
      name: 'added time to the first token',
      value: bestFirst.p50,
      ...bestFirst,
      unit: 'ms',
      limit: 10,
      note: 'from the request to the token at an SSE reader',
    },
    {
      name: 'added time of a whole answer of 50 deltas',
      value: bestTotal.p50,
      ...bestTotal,
      unit: 'ms',
      limit: 20,
      note: 'until message.final at an SSE reader',
    },
  ]
}
async function pairOf(place: Place): Promise<readonly [Times, Times]> {
  const direct = await directCall(place)
  return [direct, await ourRun(place)]
}
/** Eight runs at once against eight direct calls at once. */
export async function measureParallel(): Promise<Figure[]> {
  await using place = await startPlace({ turns: [paced] })
  const all = async (once: () => Promise<Times>) => {
    const from = performance.now()
    await Promise.all(Array.from({ length: atOnce }, once))
    return performance.now() - from
  }
  const sessions = () => Promise.all(Array.from({ length: atOnce }, () => openSession(place)))
  const ratios: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const direct = await all(() => directCall(place))
    const opened = await sessions()
    const ours = await all(async () => opened.pop()?.() ?? { firstMs: 0, totalMs: 0 })
    if (round > 0) ratios.push(ours / direct)
  }
  const note = `${atOnce} answers of 50 deltas, first byte after ${paced.firstByteMs} ms, then one delta in ${paced.deltaMs} ms`
  return [{ name: '8 runs at once, as a multiple of the direct calls', value: Math.min(...ratios), p50: median(ratios), unit: 'x', limit: 1.3, note }]
}
/**
 * From the model's call for a tool to the model's request with its result, through a real child process; the vendor's own time taken off. The first
 * call of a run that may write also records the workspace by git, so it stands apart.
 */
export async function measureTool(): Promise<Figure[]> {
  // Each another command: who calls the same again and again is stopped.
  const calls = Array.from({ length: callsPerRun }, (_, n): Turn => ({ calls: [{ name: 'shell_run', input: { command: `true ${n}` } }] }))
  await using place = await startPlace({ turns: [...calls, { text: 'Done.' }] })
  const direct: number[] = []
  const found: { first: number[]; later: number[] }[] = []
  for (let round = 0; round <= rounds; round++) {
    const first: number[] = []
    const later: number[] = []
    for (let n = 0; n < 5; n++) {
      direct.push((await directCall(place)).totalMs)
      const before = (await arrivals(place)).length
      await (
        await openSession(place, { permissionMode: 'auto' })
      )()
      const asked = (await arrivals(place)).slice(before)
      const gaps = asked.slice(1).map((at, index) => at - (asked[index] ?? Number.NaN))
      first.push(...gaps.slice(0, 1))
      later.push(...gaps.slice(1))
    }
    if (round > 0) found.push({ first, later })
  }
  const vendor = median(direct)
  const own = ({ p50, p95 }: Spread) => ({ value: p50 - vendor, p50: p50 - vendor, p95: p95 - vendor })
  const note = 'the call stored, `true` run by a shell, its result stored, the next request at the vendor'
  return [
    { name: 'tool round trip with a real child process', ...own(bestOf(found.map(({ later }) => later))), unit: 'ms', limit: 20, note },
    {
      name: 'the same for the first call of a run that may write',
      ...own(bestOf(found.map(({ first }) => first))),
      unit: 'ms',
      note: 'records the workspace by git first',
    },
  ]
}
async function arrivals({ wireUrl }: Place): Promise<number[]> {
  const requests = (await (await fetch(`${wireUrl}/-/requests`)).json()) as { at: number }[]
  return requests.map(({ at }) => at)
}
/** The same request by `fetch`, without Steward. */
async function directCall({ wireUrl }: Place): Promise<Times> {
  const from = performance.now()
  const response = await fetch(`${wireUrl}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': 'sk-wire-key-for-the-benchmark' },
    body: JSON.stringify({ model: 'wire-1', max_tokens: 1000, stream: true, messages: [{ role: 'user', content: 'Go on.' }] }),
  })
  let firstMs: number | undefined
  const text = new TextDecoder()
  for await (const piece of response.body ?? []) if (text.decode(piece).includes('content_block_delta')) firstMs ??= performance.now() - from
  return { firstMs: firstMs ?? Number.NaN, totalMs: performance.now() - from }
}
const ourRun = async (place: Place): Promise<Times> => (await openSession(place))()
/** A session with a reader on it; what it answers sends a message and waits for the answer's end. */
async function openSession(place: Place, options: object = {}): Promise<() => Promise<Times>> {
  const { id } = await ask<{ id: string }>(place, 'POST', '/v1/sessions', { model, ...options })
  const reader = await openReader(place, `/v1/sessions/${id}/events`)
  const token = reader.next(({ name }) => name === 'token')
  const final = reader.next(({ name }) => name === 'message.final')
  const end = reader.next(({ name, data }) => name === 'status' && /"status":"(completed|failed|cancelled)"/.test(data))
  return async () => {
    const from = performance.now()
    await ask(place, 'POST', `/v1/sessions/${id}/messages`, { text: 'Go on.' })
    const [first, last] = await Promise.all([token, final])
    const { data } = await end
    reader.close()
    if (!data.includes('"status":"completed"')) throw new Error(`The run was not completed: ${data}`)
    return { firstMs: first.at - from, totalMs: last.at - from }
  }
}
