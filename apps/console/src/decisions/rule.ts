import type { InputOf } from '../platform/daemon.ts'
import type { Approval } from './deed.ts'

/** What a person may change of a rule before it is written. */
export interface RuleDraft {
  readonly tool: string
  /** Empty: every call of the tool. */
  readonly pattern: string
  readonly level: 'session' | 'workspace' | 'global'
  readonly until: Until
}
/** How long a rule holds, in milliseconds from when it is written; null: until it is removed. */
export const lasting = { never: null, hour: 3_600_000, day: 86_400_000, month: 30 * 86_400_000 } as const
export type Until = keyof typeof lasting

/** The rule that settling an approval for always would write; null where no single rule can stand for the call. */
export function suggestedRule({ suggested }: Pick<Approval, 'suggested'>): RuleDraft | null {
  if (typeof suggested !== 'object' || suggested === null || Array.isArray(suggested)) return null
  const { tool, pattern } = suggested as { readonly tool?: unknown; readonly pattern?: unknown }
  if (typeof tool !== 'string') return null
  return { tool, pattern: typeof pattern === 'string' ? pattern : '', level: 'workspace', until: 'never' }
}
const toolName = /^(?:\*|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*(?:\.\*)?)$/
/** True for what can stand as the tool of a rule: `app.tool`, `app.*` or `*`. */
export const isToolName = (text: string): boolean => text.length <= 100 && toolName.test(text)

/** True when a draft differs from what was suggested: then it is written by itself. */
export const isEdited = (draft: RuleDraft, suggested: RuleDraft): boolean =>
  draft.tool !== suggested.tool || draft.pattern !== suggested.pattern || draft.level !== suggested.level || draft.until !== suggested.until

/** The rule as it is sent. `now` in milliseconds of the epoch. */
export function ruleSent(
  draft: RuleDraft,
  place: { readonly sessionId: string | null; readonly workspace: string | null },
  now: number,
): InputOf<'permissions.add'> {
  const lasts = lasting[draft.until]
  return {
    tool: draft.tool,
    action: 'allow',
    level: draft.level,
    ...(draft.pattern === '' ? {} : { pattern: draft.pattern }),
    ...(draft.level === 'session' && place.sessionId !== null ? { sessionId: place.sessionId } : {}),
    ...(draft.level === 'workspace' && place.workspace !== null ? { workspace: place.workspace } : {}),
    ...(lasts === null ? {} : { expiresAt: new Date(now + lasts).toISOString() }),
  }
}
