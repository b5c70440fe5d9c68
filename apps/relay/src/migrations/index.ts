import { first } from './001-first.ts'

/** One step of the schema; its statements run in one transaction with the record that they have. */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly statements: readonly string[]
}
/** All of them, in order. What has been released is never changed. */
export const migrations: readonly Migration[] = [first]
