/** A message that was acknowledged, in the order in which its writer got its acknowledgements. */
export interface Sent {
  readonly sessionId: string
  readonly writer: string
  readonly localId: string
  readonly content: string
  readonly seq: number
  readonly id: string
}
/** A new value that was acknowledged. */
export interface Set {
  readonly sessionId: string
  readonly field: 'metadata' | 'agentState'
  readonly value: string
  readonly version: number
}
/** What clients of an account were promised: the checker asks for all of it. */
export interface Ledger {
  readonly sent: Sent[]
  readonly set: Set[]
  /** Values of the pair of keys. */
  readonly kept: { readonly value: string; readonly version: number }[]
  /** Sessions whose deletion was acknowledged. */
  readonly deleted: string[]
}
export const createLedger = (): Ledger => ({ sent: [], set: [], kept: [], deleted: [] })
