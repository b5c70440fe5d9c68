import type { ItemOf } from '../../../platform/operations.ts'

export type Profile = ItemOf<'auth.list'>
export type Provider = ItemOf<'providers.list'>
export type Model = ItemOf<'models.list'>
