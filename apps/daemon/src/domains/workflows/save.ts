import { isDeepStrictEqual } from 'node:util'
import type { Workflow } from '@steward/contract/daemon'
import type { Caller } from '@steward/kernel'
import { checkWorkflow } from '../../engine/workflow/check.ts'
import type { Lookups, WorkflowDefinition } from '../../engine/workflow/types.ts'
import { newId } from '../../platform/ids.ts'
import type { Commit } from '../../platform/storage/event-log.ts'
import { assertHeld, assertNone, assertReadableAsYaml } from './sound.ts'
import { toWorkflow, type WorkflowRecord, type WorkflowStore } from './store.ts'
import type { ReadWorkflow } from './yaml.ts'

interface Maker {
  readonly commit: Commit
  readonly caller: Caller
}
/**
 * Makes the one way that workflows are saved: as a new one, or as the next version of `before`. The definition is JSON as its row will hold it;
 * `lineOf` is given where it was read from a file. Throws Fault `forbidden`, `too_large` or `unprocessable`; then nothing is changed.
 */
export function createSave(store: WorkflowStore, lookups: Lookups) {
  return (
    { commit, caller }: Maker,
    before: WorkflowRecord | undefined,
    definition: WorkflowDefinition,
    lineOf?: ReadWorkflow['lineOf'],
  ): Workflow => {
    const id = before?.id ?? newId('wfl')
    assertHeld(definition, caller)
    assertReadableAsYaml(id, definition)
    assertNone(checkWorkflow(definition, lookups, before?.id), lineOf)
    // A save that changes nothing is written down as a call, but makes no version.
    if (before && isDeepStrictEqual(before.definition, definition)) return commit(() => toWorkflow(before))
    const at = new Date().toISOString()
    const record: WorkflowRecord = {
      id,
      version: (before?.version ?? 0) + 1,
      definition,
      createdBy: caller.id,
      createdAt: before?.createdAt ?? at,
      updatedAt: at,
    }
    return commit((emit) => {
      if (before) store.revise(record)
      else store.insert(record)
      const workflow = toWorkflow(record)
      const { id: workflowId, version, name, createdBy } = workflow
      emit('workflow.saved', { workflowId, version, name, createdBy })
      return workflow
    })
  }
}
