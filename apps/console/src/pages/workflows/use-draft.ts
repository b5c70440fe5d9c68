import { useCallback } from 'react'
import { useKept } from '../../platform/kept.ts'
import { draftOf, emptyDraft, isSame, type Draft, type Workflow } from './draft.ts'

export const draftKey = (id: string) => `workflow.${id}`

/** What a person has changed of a workflow and not saved; kept in this browser. Undefined: a new one, from nothing. */
export function useDraft(workflow: Workflow | undefined) {
  const [kept, keep] = useKept<Draft>(draftKey(workflow?.id ?? 'new'), localStorage)
  const stored = workflow === undefined ? emptyDraft : draftOf(workflow)
  const draft = kept ?? stored
  const { version } = stored
  const change = useCallback((next: Draft) => keep(next), [keep])
  return {
    draft,
    change,
    isChanged: kept !== undefined && !isSame(kept, stored),
    /** Someone has saved another version since this draft was begun. */
    isBehind: kept !== undefined && kept.version !== version,
    clear: () => keep(undefined),
  }
}
