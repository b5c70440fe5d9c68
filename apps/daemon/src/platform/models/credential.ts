import { createHash } from 'node:crypto'
import type { AuthSource } from '@steward/contract/daemon'

/** One key of a provider, with what it is known by. The key never leaves the daemon but to the provider. */
export interface Credential {
  readonly id: string
  readonly provider: string
  readonly source: AuthSource
  /** The variable or the file it is read from; null when it is stored. */
  readonly where: string | null
  readonly key: string
}
/** Credentials of one call, best first. `waitMs`: none may be used before, because the provider has named a time for each. */
export interface Turn {
  readonly credentials: readonly Credential[]
  readonly waitMs: number | null
}
/** The id of a credential that is known by its place: the same place has the same id on every start. */
export const credentialId = (provider: string, place: string): string =>
  `auth_${createHash('sha256').update(`${provider}\n${place}`).digest('hex').slice(0, 20)}`
