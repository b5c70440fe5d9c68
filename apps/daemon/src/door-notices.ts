import { Fault } from '@steward/contract'
import { hostEvents, webhookRoute, type GatewayTerms } from '@steward/contract/daemon'
import type { Caller } from '@steward/kernel'
import type { Delegates } from '@steward/kernel/ipc'
import type { Change } from '@steward/mcp'
import type { App } from './app-types.ts'

/** Who reads the log for the doors themselves; what it reads is shown to nobody. */
const reader: Caller = { id: 'doors', kind: 'owner', door: 'doors', scopes: ['events:read'] }

/** What has happened of these events. A feed also says how far it has read: that is no change. */
export async function* changesOf(app: App, names: readonly string[], signal: AbortSignal): AsyncGenerator<Change> {
  for await (const items of app.feed.open(reader, { names: [...names] }, signal))
    for (const item of items) {
      if (item.kind === 'event') yield { name: item.name, data: (JSON.parse(item.json) as { data: unknown }).data }
      if (item.kind === 'reset') yield { name: item.kind, data: null }
    }
}
/** What gateways ask of this daemon. */
export const delegatesOf = (app: App): Delegates => ({
  login: app.redeem,
  ready: app.ready,
  open: (path, request) => (path === webhookRoute.path ? app.receive(request) : Promise.reject(new Fault('not_found', 'There is nothing.'))),
  async *terms(signal): AsyncGenerator<GatewayTerms> {
    const said = (news: number): GatewayTerms => ({
      hosts: app.setting('server.allowedHosts'),
      origins: app.setting('server.allowedOrigins'),
      maxBodyBytes: app.setting('server.maxBodyBytes'),
      maxUploadBytes: app.setting('files.maxBytes'),
      news,
    })
    let news = 0
    yield said(news)
    for await (const { name } of changesOf(app, [...hostEvents, 'setting.changed'], signal)) {
      if (name !== 'setting.changed') news += 1
      yield said(news)
    }
  },
})
