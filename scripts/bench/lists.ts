import { timed, type Figure } from './figures.ts'
import { counts, fillChat } from './filled-store.ts'
import { ask } from './http.ts'
import { startPlace, temporaryFolder } from './place.ts'

/** What a client asks for when it opens, of a data folder that years have filled. */
export async function measureLists(): Promise<Figure[]> {
  const folder = temporaryFolder()
  const id = await prepare(folder)
  await using place = await startPlace({ folder })
  const get = (route: string) => () => ask<{ items: unknown[] }>(place, 'GET', route)
  const full = async (route: string, least: number) => {
    const { items } = await get(route)()
    if (items.length < least) throw new Error(`${route} gave ${items.length} items instead of ${least}.`)
    return timed(100, get(route))
  }
  const sessions = await full('/v1/sessions?limit=50', 50)
  const messages = await full(`/v1/sessions/${id}/messages`, 50)
  const events = await full(`/v1/event-log?sessionId=${id}&limit=200`, 200)
  const rare = await full('/v1/search?query=needle', 20)
  const common = await full('/v1/search?query=quick%20river', 50)
  const short = await full('/v1/search?query=qu', 50)
  return [
    { name: `50 of ${counts.sessions} sessions`, value: sessions.p50, ...sessions, unit: 'ms', limit: 5, note: 'over HTTP' },
    { name: `first page of a session of ${counts.messages} messages`, value: messages.p50, ...messages, unit: 'ms', limit: 20, note: 'over HTTP' },
    { name: `200 of ${counts.events} events`, value: events.p50, ...events, unit: 'ms' },
    { name: `search of ${counts.searched} rows for a rare word`, value: rare.p50, ...rare, unit: 'ms' },
    { name: 'search for two common words', value: common.p50, ...common, unit: 'ms' },
    { name: 'search for two letters', value: short.p50, ...short, unit: 'ms' },
  ]
}
/** Lets a daemon make the databases and one session, and fills them when it has ended. */
async function prepare(folder: string): Promise<string> {
  const place = await startPlace({ folder, keep: true })
  const { id } = await ask<{ id: string }>(place, 'POST', '/v1/sessions', { title: 'bench' })
  await place[Symbol.asyncDispose]()
  fillChat(place.home, id)
  return id
}
