import { registryEvents } from '@steward/contract/daemon'
import type { Catalog } from './catalog.ts'

/** Something that has happened in Steward. `reset`: the reader has missed some, and everything may be different. */
export interface Change {
  readonly name: string
  readonly data: unknown
}
/** The name of the change that stands for any. */
export const anyChange = 'reset'
const toolEvents: readonly string[] = registryEvents
/** What hosts are told. */
export interface News {
  readonly tools: boolean
  readonly resources: boolean
  /** The resources that are different now; `any`: every one may be. */
  readonly uris: readonly string[] | 'any'
}
/** The events that are news for hosts. */
export const newsEvents = ({ kinds }: Catalog): string[] => [...toolEvents, ...kinds.flatMap(({ events }) => Object.keys(events))]

export function newsOf({ kinds }: Catalog, { name, data }: Change): News {
  if (name === anyChange) return { tools: true, resources: true, uris: 'any' }
  const uris = kinds.flatMap(({ scheme, events }) => {
    const id = Object.hasOwn(events, name) ? events[name]?.(data as never) : undefined
    return id === undefined ? [] : [`${scheme}://${encodeURIComponent(id)}`]
  })
  return { tools: toolEvents.includes(name), resources: uris.length > 0, uris }
}
/** Whether an address that a host follows is among the news: itself, or what lies below it. */
export const concerns = (uris: News['uris'], followed: string): boolean =>
  uris === 'any' || uris.some((uri) => followed === uri || followed.startsWith(`${uri}/`))
