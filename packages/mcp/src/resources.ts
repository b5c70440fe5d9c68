import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError, type Resource, type Server } from '@modelcontextprotocol/server'
import { Fault } from '@steward/contract'
import type { Catalog, OfferedKind } from './catalog.ts'
import type { McpPort } from './port.ts'

/** One host may follow so many resources in a session. */
const mostFollowed = 1_000
const wrongCursor = () =>
  new ProtocolError(ProtocolErrorCode.InvalidParams, 'The cursor is not one that this list gave out; leave it away to begin anew.')
interface Place {
  readonly kind: number
  readonly cursor?: string
}
interface Page {
  readonly resources: readonly Resource[]
  /** Where this kind goes on. */
  readonly next: Place | undefined
}
const encode = (place: Place) => Buffer.from(JSON.stringify(place)).toString('base64url')
function decode(cursor: string): Place {
  let place: unknown
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw wrongCursor()
  }
  const { kind, cursor: inner } = (place ?? {}) as Record<string, unknown>
  if (typeof kind !== 'number' || !(inner === undefined || typeof inner === 'string')) throw wrongCursor()
  return { kind, ...(inner === undefined ? {} : { cursor: inner }) }
}
const uriOf = (scheme: string, id: string) => `${scheme}://${encodeURIComponent(id)}`

/** Reads `SCHEME://ID/PATH` without any of what a browser would tidy up in it: what it means is for the operation to say. */
function parse(kinds: readonly OfferedKind[], uri: string): { kind: OfferedKind; input: Readonly<Record<string, unknown>> } | undefined {
  const [, scheme = '', id = '', path = ''] = /^([a-z]+):\/\/([^/?#]+)(?:\/([^?#]*))?$/.exec(uri) ?? []
  const kind = kinds.find((one) => one.scheme === scheme)
  try {
    const input = kind?.read.input(decodeURIComponent(id), decodeURIComponent(path))
    return kind && input ? { kind, input } : undefined
  } catch {
    return undefined
  }
}
/**
 * Serves resources of every kind that the contract has, as the caller: the operations behind them judge. Answers which addresses the host follows in a
 * session; requests that stand for themselves follow by a stream of their own, which the library keeps.
 */
export function serveResources(server: Server, port: McpPort, { kinds }: Catalog): ReadonlySet<string> {
  const followed = new Set<string>()
  const find = (uri: string) => {
    const found = parse(
      kinds.filter(({ readNeeds }) => port.may(readNeeds)),
      uri,
    )
    if (!found) throw new ResourceNotFoundError(uri.slice(0, 200))
    return found
  }
  const pageOf = async (all: readonly OfferedKind[], { kind, cursor }: Place, signal: AbortSignal): Promise<Page | undefined> => {
    const at = all[kind]
    if (!at) return undefined
    const { list, scheme } = at
    const asked = { ...list.input, ...(cursor === undefined ? {} : { cursor }) }
    const { items, nextCursor } = (await port.call(list.operation, asked, { signal }).catch(refused)) as { items: never[]; nextCursor: string | null }
    const resources = items.map((item): Resource => {
      const { id, ...resource } = list.resource(item)
      return { uri: uriOf(scheme, id), ...resource }
    })
    return { resources, next: nextCursor === null ? undefined : { kind, cursor: nextCursor } }
  }
  const mine = () => kinds.filter(({ listNeeds, readNeeds }) => port.may(listNeeds) && port.may(readNeeds))

  server.setRequestHandler('resources/list', async ({ params }, { mcpReq: { signal } }) => {
    const all = mine()
    const resources: Resource[] = []
    let place: Place | undefined = params?.cursor === undefined ? { kind: 0 } : decode(params.cursor)
    // What is left of one kind is followed by the beginning of the next: an empty page would look like the end.
    do {
      const page: Page | undefined = await pageOf(all, place, signal)
      resources.push(...(page?.resources ?? []))
      if (page?.next) return { resources, nextCursor: encode(page.next) }
      place = page && { kind: place.kind + 1 }
    } while (place)
    return { resources }
  })
  server.setRequestHandler('resources/templates/list', async () => ({ resourceTemplates: mine().flatMap(({ templates }) => [...templates]) }))
  server.setRequestHandler('resources/read', async ({ params: { uri } }, { mcpReq: { signal } }) => {
    const { kind, input } = find(uri)
    const answer = await port.call(kind.read.operation, input, { signal }).catch((error: unknown) => {
      if (error instanceof Fault && (error.code === 'not_found' || error.code === 'invalid'))
        throw new ResourceNotFoundError(uri.slice(0, 200), error.message)
      return refused(error)
    })
    return { contents: [{ uri, ...kind.read.contents(answer as never) }] }
  })
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
    find(uri)
    if (followed.size >= mostFollowed) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `A host follows at most ${mostFollowed} resources.`)
    followed.add(uri)
    return {}
  })
  server.setRequestHandler('resources/unsubscribe', async ({ params: { uri } }) => {
    followed.delete(uri)
    return {}
  })
  return followed
}
/** A refused call as the protocol's error: the sentence stands in it. */
function refused(error: unknown): never {
  if (!(error instanceof Fault)) throw error
  throw new ProtocolError(error.code === 'internal' ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams, error.message, {
    code: error.code,
  })
}
