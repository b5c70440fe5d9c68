import type { Session } from '@steward/contract/daemon'
import { useList, useRead } from '../platform/operations.ts'

/** Tokens that the last call of a model read and wrote, and how many the session's model takes; 0 where that is not known. */
export function useContextSize({ id, model }: Pick<Session, 'id' | 'model'>): { readonly used: number; readonly max: number } {
  const last = useRead('sessions.overview', { id }).data?.steps.at(-1)
  const models = useList('models.list', { limit: 200 })
  const used = last ? last.inputTokens + last.cacheReadTokens + last.cacheWriteTokens + last.outputTokens : 0
  return { used, max: models.items.find((one) => one.id === model)?.contextTokens ?? 0 }
}
