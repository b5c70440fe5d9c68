import { relayOperations } from '@steward/contract/relay'
import { startLiveKit } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { onEveryKind } from './kinds.ts'
import { clientRoutes } from './protocol-clients.ts'
import { documentRoutes } from './protocol-document.ts'
import { carryOut, newStory, type Row } from './protocol.ts'

/** A request or a route with its names left out: what a router sees. */
const shape = (request: string) => request.replace(/\?.*/, '').replace(/\{\w+\}/g, '*')
const fits = (route: string, request: string) => {
  const [want, have] = [shape(route).split('/'), shape(request).split('/')]
  return want.length === have.length && want.every((part, at) => part === '*' || part === have[at])
}

test('every operation of the relay has a row here', () => {
  const rows = [...clientRoutes, ...documentRoutes].map(({ request }) => request)
  const without = Object.values(relayOperations).flatMap(({ http }) => (rows.some((row) => fits(http, row)) ? [] : [http]))
  // Deleting an account ends the story that needs it: it has one of its own.
  expect(without).toEqual(['DELETE /v1/account'])
})

onEveryKind((begin) => {
  const expectAll = async (rows: readonly Row[]) => {
    await using livekit = await startLiveKit()
    const relay = await begin({ livekitUrl: livekit.url, livekitKey: livekit.apiKey, livekitSecret: livekit.apiSecret })
    const story = newStory(await relay.account())
    for (const row of rows)
      await carryOut(row, story).catch((error: unknown) => {
        throw new Error(`${row.does}: ${row.request}\n${(error as Error).message}`, { cause: error })
      })
    expect(relay.reported).toEqual([])
  }
  test('a client of today does all it does', () => expectAll(clientRoutes))
  test("a client of the document's does all it does", () => expectAll(documentRoutes))
})
