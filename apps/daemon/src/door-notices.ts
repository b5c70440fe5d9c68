import { registryEvents, type EventName, type GatewayTerms } from '@steward/contract/daemon'
import type { Caller, FeedItem } from '@steward/kernel'
import type { Delegates } from '@steward/kernel/ipc'
import type { App } from './app-types.ts'

/** Who reads the log for the doors themselves; what it reads is shown to nobody. */
const reader: Caller = { id: 'doors', kind: 'owner', door: 'doors', scopes: ['events:read'] }

/** Yields whenever one of these events has happened. A feed also says how far it has read: that is no change. */
export async function* noticesOf(app: App, names: readonly EventName[], signal: AbortSignal): AsyncGenerator<readonly FeedItem[]> {
  for await (const items of app.feed.open(reader, { names }, signal)) if (items.some(({ kind }) => kind === 'event' || kind === 'reset')) yield items
}
/** What gateways ask of this daemon. */
export const delegatesOf = (app: App): Delegates => ({
  login: (code, address) => app.redeem(code, address),
  ready: app.ready,
  async *terms(signal): AsyncGenerator<GatewayTerms> {
    const said = (tools: number): GatewayTerms => ({
      hosts: app.setting('server.allowedHosts'),
      origins: app.setting('server.allowedOrigins'),
      maxBodyBytes: app.setting('server.maxBodyBytes'),
      maxUploadBytes: app.setting('files.maxBytes'),
      tools,
    })
    let tools = 0
    yield said(tools)
    for await (const items of noticesOf(app, [...registryEvents, 'setting.changed'], signal)) {
      if (items.some((item) => item.kind !== 'event' || item.name !== 'setting.changed')) tools += 1
      yield said(tools)
    }
  },
})
