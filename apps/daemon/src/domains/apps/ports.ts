import type { EventLog } from '../../platform/storage/event-log.ts'
import type { McpPorts } from '../../platform/mcp/types.ts'
import type { Registry } from '../../tools/registry.ts'
import type { AppStore } from './store.ts'

/** Everything the apps stand on, wired by the composition root. */
export interface AppDeps {
  readonly log: Pick<EventLog, 'commit'>
  readonly store: AppStore
  readonly registry: Registry
  readonly secrets: { value(name: string): string | undefined; keep(name: string, text: string): void }
  /** Folders of manifests: those that come with Steward, and the user's own, which go before; asked for once. */
  readonly folders: { readonly shipped: string; own(): string }
  /** The folder that servers work in. */
  workspace(): Promise<string>
  readonly userHome: string
  readonly mcp: Pick<McpPorts, 'version' | 'spawn' | 'redirectUrl' | 'allowAddresses' | 'log'>
  /** Takes secrets out: what a server says when it fails is shown to people. */
  redact<T>(value: T): T
  report(error: unknown, about?: object): void
}
