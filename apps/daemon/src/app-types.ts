import type { Settings, SettingKey } from '@steward/contract/daemon'
import type { Authenticator, Call, Feed } from '@steward/kernel'
import type { Login, LoginFrom } from '@steward/kernel/http'
import type { WebhookRequest } from './domains/tasks/webhooks.ts'
import type { Model } from './engine/types.ts'
import type { Loggers } from './platform/log/logger.ts'
import type { Sync } from '@steward/kernel/barrier'
import type { Tool } from './tools/tool.ts'
import type { SupervisorKind } from './starter.ts'

export interface AppOptions {
  /** STEWARD_HOME. Whoever opens the app holds its lock. */
  readonly home: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** How files are made durable; a test slows it down or cuts the power here. */
  readonly sync?: Sync
  /** Models by id that stand before the providers'. */
  readonly models?: (id: string) => Model | undefined
  /** Tools beside the built-in ones, of apps of their own. */
  readonly tools?: readonly Tool[]
  /** Settings that the command line of the start gives, by their keys. */
  readonly flags?: readonly { readonly key: string; readonly text: string; readonly flag: string }[]
  /** Where log lines go instead of the log of the data folder. */
  readonly logTo?: (line: string) => void
  /** Asked to stop by an operation. */
  readonly onStop?: () => void
  /** Whether a supervisor watches over this process; `none` unless said. */
  readonly supervisor?: () => SupervisorKind
}
export interface App {
  readonly call: Call
  readonly feed: Feed
  readonly authenticator: Authenticator
  readonly ownerToken: string
  readonly version: string
  /** The log of each component. */
  readonly log: Pick<Loggers, 'of' | 'reporter'> & { flush(): void }
  setting<K extends SettingKey>(key: K): Settings[K]
  /** Stores a setting that the daemon itself has chosen. */
  keepSetting(key: SettingKey, value: unknown): void
  redeem(code: string, from?: LoginFrom): Promise<Login>
  ready(): Promise<{ ok: boolean; checks: Record<string, boolean | string> }>
  /** A signed request to the address of a task's webhook. Throws Fault for what is not genuine. */
  receive(request: WebhookRequest): Promise<{ status: number; body: unknown }>
  /** Says where the doors are, for status and login addresses. */
  openedAt(addresses: { url: string | null; socket: string | null }): void
  /** Starts the readers of the logs and takes up what a crash or a stop left unfinished. */
  begin(): void
  /** Resolves when everything that can be seen now has been taken up by usage, audit and search. */
  caughtUp(): Promise<void>
  close(): Promise<void>
}
