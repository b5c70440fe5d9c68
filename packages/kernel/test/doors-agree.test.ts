import { isDeepStrictEqual } from 'node:util'
import { Fault, mutates } from '@steward/contract'
import { expect, test } from 'vitest'
import { coerce } from '../src/index.ts'
import { contract, createNotebook, ownerToken } from './notes.ts'
import { senders, serveNotebook } from './serve.ts'

type Name = keyof typeof contract
const good: Record<Name, unknown[]> = {
  'notes.add': [{ text: 'one' }, { text: 'two', tags: ['a', 'b,c'], pinned: true }, { text: 'ünï 😀 "\n' }],
  'notes.get': [{ id: 'note_1' }, { id: 'note_99' }],
  'notes.list': [{}, undefined, { limit: 1 }, { pinned: true }, { tags: ['b,c'] }, { tags: [] }],
  'notes.edit': [{ id: 'note_1', text: 'changed' }],
  'notes.remove': [{ id: 'note_2' }, { id: 'note_2' }],
  'notes.shuffle': [{}, undefined],
  'notes.break': [{}],
  'sheets.upload': [{}],
  'sheets.download': [{ id: 'note_99' }],
}
const oddValues: unknown[] = [null, 7, -1, 1.5, true, 'x', '', '../..', '..', [], {}, ['a'], 'x'.repeat(9_000), '__proto__', 'true', '7']
/** Every operation, fed what fits and what does not: derived from its schema alone. */
const cases = (Object.keys(contract) as Name[])
  .filter((name) => contract[name].bytes !== 'upload')
  .flatMap((name) => {
    const fitting = good[name]
    const base = (fitting[0] ?? {}) as object
    const fields = Object.keys(contract[name].input.shape)
    const broken = fields.flatMap((field) => [...oddValues.map((value) => ({ ...base, [field]: value })), { ...base, [field]: undefined }])
    return [...fitting, { ...base, unknown: 1 }, ...broken].map((input) => ({ name, input }))
  })
/** A query is text: a value that its text turns into another fitting one (7 for a list of texts) is another case there, and no disagreement. */
const sayable = ({ name, input }: { name: Name; input: unknown }) => {
  if (mutates(contract[name])) return true
  const texts = Object.entries((input ?? {}) as object).map(([field, value]) => [field, typeof value === 'string' ? value : JSON.stringify(value)])
  const read = coerce(contract[name].input, Object.fromEntries(texts))
  return isDeepStrictEqual(read, input) || !contract[name].input.safeParse(read).success
}
/** Where a value is sent as text, the sentence says `received string`. */
const asText = (found: unknown) => JSON.parse(JSON.stringify(found ?? null).replace(/expected (\w+), received \w+/g, 'expected $1')) as unknown
async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return chunks
}
async function outcome(work: Promise<unknown>) {
  try {
    return { ok: (await work) ?? null }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { code: error.code, retryable: error.retryable, sentence: error.code === 'internal' ? '' : error.message, details: error.details }
  }
}
for (const token of [ownerToken, 'reader', 'nothing'] as const) {
  test(`every operation answers a ${token} caller alike in process, over HTTP and over WebSocket`, async () => {
    const inProcess = createNotebook()
    const caller = inProcess.authenticator.authenticate({ token }, 'test')
    const wanted = []
    const asked = cases.filter(sayable)
    for (const { name, input } of asked) wanted.push(await outcome(inProcess.call(caller, name, input).then(({ value }) => value)))
    expect(new Set(wanted.map((one) => ('code' in one ? one.code : 'ok'))).size).toBeGreaterThan(token === 'nothing' ? 0 : 2)
    for (const door of ['http', 'ws'] as const) {
      const served = await serveNotebook()
      const sender = senders[door](served.url, served.socket, token)
      for (const [at, { name, input }] of asked.entries()) {
        const got = await outcome(sender.call(name, input))
        // What an address cannot spell is refused before it is sent, so before the scope is looked at.
        if (door === 'http' && 'code' in got && got.code === 'invalid' && 'code' in wanted[at]! && wanted[at].code === 'forbidden') continue
        expect({ door, name, input, got: asText(got) }).toEqual({ door, name, input, got: asText(wanted[at]) })
      }
      await sender.close()
      await served.close()
    }
  })
}
test('every operation answers the owner alike in process and over IPC', async () => {
  const inProcess = createNotebook()
  const caller = inProcess.authenticator.authenticate({ token: ownerToken }, 'test')
  const served = await serveNotebook()
  const sender = senders.ipc(served.url, served.socket)
  for (const { name, input } of cases) {
    const wanted = await outcome(inProcess.call(caller, name, input).then(({ value }) => value))
    expect({ name, input, got: await outcome(sender.call(name, input)) }).toEqual({ name, input, got: wanted })
  }
  await sender.close()
  await served.close()
})
for (const door of ['http', 'ws', 'ipc'] as const) {
  test(`bytes go up and come down unchanged over ${door}, whole and in ranges, in bounded pieces`, async () => {
    const served = await serveNotebook()
    const sender = senders[door](served.url, served.socket)
    for (const size of [0, 1, 65_536, 65_537, 2_500_000]) {
      const bytes = Buffer.alloc(size, 'steward ')
      async function* slowly() {
        for (let at = 0; at < bytes.length; at += 300_001) yield bytes.subarray(at, at + 300_001)
      }
      const input = { name: 'größe "a".txt', mediaType: 'text/plain' }
      const stored = (await sender.upload('sheets.upload', input, bytes)) as { id: string; size: number; sha256: string }
      expect(stored).toMatchObject({ ...input, size })
      expect(await sender.upload('sheets.upload', input, slowly())).toMatchObject({ size, sha256: stored.sha256 })
      expect(await sender.upload('sheets.upload', input, new Blob([bytes]))).toMatchObject({ size, sha256: stored.sha256 })
      const whole = await sender.download('sheets.download', { id: stored.id })
      expect(whole.value).toEqual(stored)
      expect(Buffer.concat(await collect(whole.bytes)).equals(bytes)).toBe(true)
      if (size < 10) continue
      const part = await sender.download('sheets.download', { id: stored.id }, { start: 5, end: size - 3 })
      expect(Buffer.concat(await collect(part.bytes)).equals(bytes.subarray(5, size - 2))).toBe(true)
    }
    await expect(sender.upload('sheets.upload', {}, Buffer.alloc(3_000_001))).rejects.toMatchObject({ code: 'too_large' })
    await expect(sender.upload('sheets.upload', { nonsense: 1 }, Buffer.alloc(10))).rejects.toMatchObject({ code: 'invalid' })
    await expect(sender.download('sheets.download', { id: 'note_999' })).rejects.toMatchObject({ code: 'not_found' })
    await sender.close()
    await served.close()
  })
}
