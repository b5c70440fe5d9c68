import { Fault } from '@steward/contract'
import type { Program } from '../../engine/execution/types.ts'
import { checkWorkflow } from '../../engine/workflow/check.ts'
import { compileWorkflow } from '../../engine/workflow/compile.ts'
import type { Lookups, WorkflowDefinition } from '../../engine/workflow/types.ts'
import type { RoomHandlers } from '../../platform/context.ts'
import { decodePage, decodePlace, encodePage, wrongCursor } from '../../platform/page.ts'
import type { Database } from '../../platform/storage/database.ts'
import { capture } from './capture.ts'
import { diffVersions } from './diff.ts'
import type { WorkflowPorts, WorkflowTool } from './ports.ts'
import { createSave } from './save.ts'
import { assertNone } from './sound.ts'
import { createWorkflowStore, toWorkflow, type WorkflowPage, type WorkflowRecord } from './store.ts'
import { download, textOf } from './transfer.ts'
import { fromYaml, toYaml } from './yaml.ts'

export type { WorkflowPorts } from './ports.ts'

const place = (cursor: string) => {
  const { updatedAt, id } = decodePlace(cursor)
  if (typeof updatedAt !== 'string' || typeof id !== 'string') throw wrongCursor()
  return { updatedAt, id }
}
const paged = ({ items, more }: WorkflowPage, cursorOf: (last: WorkflowRecord) => Record<string, string | number>) => {
  const last = items.at(-1)
  return { items: items.map(toWorkflow), nextCursor: more && last ? encodePage(cursorOf(last)) : null }
}
const unknownTool: WorkflowTool = { inputsSchema: {}, permissions: [], inSession: false }
/** As it will come back from its row. */
const stored = (definition: unknown): WorkflowDefinition => JSON.parse(JSON.stringify(definition)) as WorkflowDefinition

/** Workflows: versioned chains of tool calls. Versions are never changed, and what runs has its own copy of the one it began with. */
export function createWorkflowsRoom(db: Database, ports: WorkflowPorts) {
  const store = createWorkflowStore(db)
  const lookups: Lookups = { tool: ports.tool, workflow: store.find }
  const need = (id: string, version?: number): WorkflowRecord => {
    const record = store.find(id, version)
    if (record) return record
    const newest = version === undefined ? undefined : store.find(id)
    throw new Fault(
      'not_found',
      newest ? `The workflow ${id} has no version ${version}; its newest is ${newest.version}.` : `There is no workflow ${id}.`,
    )
  }
  const named = (idOrName: string): WorkflowRecord => {
    const [only, ...more] = store.find(idOrName) ? [idOrName] : store.idsNamed(idOrName, 6)
    if (only === undefined) throw new Fault('not_found', `There is no workflow with the id or name ${idOrName}.`)
    const ids = [only, ...more]
    if (ids.length > 1)
      throw new Fault(
        'conflict',
        `There are several workflows named ${idOrName}; say which by its id: ${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ', …' : ''}.`,
        { ids },
      )
    return need(only)
  }
  const save = createSave(store, lookups)
  const ready = async (steps: WorkflowDefinition['steps']): Promise<void> => {
    for (const id of new Set(steps.flatMap(({ toolId }) => toolId ?? []))) await ports.ensure(id)
  }
  /** All that the steps need, and no more. */
  const neededBy = (steps: WorkflowDefinition['steps']): string[] => {
    const needed = steps.flatMap(({ toolId, workflowId }) => [
      ...(toolId === undefined ? [] : (ports.tool(toolId)?.permissions ?? [])),
      ...(workflowId === undefined ? [] : (store.find(workflowId)?.definition.permissions ?? [])),
    ])
    return [...new Set(needed)].toSorted()
  }
  const handlers = {
    async 'workflows.save'(context, { id, ...fields }) {
      const definition = stored(fields)
      await ready(definition.steps)
      return save(context, id === undefined ? undefined : need(id), definition)
    },
    async 'workflows.get'(_context, { id, version }) {
      return toWorkflow(need(id, version))
    },
    async 'workflows.list'(_context, { limit, cursor }) {
      return paged(store.list(limit, cursor === undefined ? undefined : place(cursor)), ({ updatedAt, id }) => ({ updatedAt, id }))
    },
    async 'workflows.delete'({ commit }, { id }) {
      return commit((emit) => {
        need(id)
        const users = store.usersOf(id, 6)
        if (users.length > 0) {
          const names = users.slice(0, 5).map((user) => `${user.id} (${user.name})`)
          throw new Fault('conflict', `${id} is a step of ${names.join(', ')}${users.length > 5 ? ', …' : ''}; change or delete that first.`, {
            users,
          })
        }
        store.remove(id)
        emit('workflow.deleted', { workflowId: id })
        return null
      })
    },
    async 'workflows.versions'(_context, { id, limit, cursor }) {
      need(id)
      const below = cursor === undefined ? Number.MAX_SAFE_INTEGER : decodePage(cursor, 'version')
      return paged(store.versions(id, limit, below), ({ version }) => ({ version }))
    },
    async 'workflows.diff'(_context, { id, from, to }) {
      const newer = need(id, to)
      const older = need(id, from ?? Math.max(1, newer.version - 1))
      return { from: older.version, to: newer.version, diff: diffVersions(older, newer) }
    },
    async 'workflows.export'({ attach }, { id, version }) {
      const { definition } = need(id, version)
      const { open, name, size } = download(definition.name, toYaml(id, definition))
      attach(open)
      return { name, mediaType: 'application/yaml', size }
    },
    /** Files travel between machines: an `id` that is known here gets its next version, any other a new workflow with an id of its own. */
    async 'workflows.import'(context) {
      const { id, definition, lineOf } = fromYaml(await textOf(context.body))
      await ready(definition.steps)
      return save(context, id === undefined ? undefined : store.find(id), definition, lineOf)
    },
    async 'workflows.capture'(context, { name, description, planId, executionIds = [] }) {
      const found = capture(ports, context.caller, planId, executionIds)
      await ready(found.steps)
      return save(
        context,
        undefined,
        stored({ name, description: description ?? found.description, permissions: neededBy(found.steps), steps: found.steps }),
      )
    },
    async 'workflows.run'({ call, commit }, { id, ...running }) {
      const outcome = await call('executions.start', { workflowId: named(id).id, ...running })
      // This call's own commit, after the one it stands for: it keeps the idempotency key.
      return commit(() => outcome)
    },
  } satisfies RoomHandlers
  return {
    handlers,
    /**
     * The newest version of a workflow as a program, with the workflows inside it as they are now. Throws Fault `not_found`, `conflict` where several
     * have the name, and `unprocessable` where it no longer fits what is there, such as a tool that needs more than it did. A tool that is not there
     * is no fault here: its app may be starting, and the step that calls it waits for it.
     */
    resolve(idOrName: string): { id: string; version: number; program: Program } {
      const { id, version, definition } = named(idOrName)
      assertNone(
        checkWorkflow(definition, { ...lookups, tool: (toolId) => ports.tool(toolId) ?? unknownTool }, id),
        undefined,
        `The workflow ${id} no longer fits what is there. `,
      )
      return { id, version, program: compileWorkflow(definition, lookups) }
    },
  }
}
