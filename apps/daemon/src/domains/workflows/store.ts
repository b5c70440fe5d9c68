import type { Workflow } from '@steward/contract/daemon'
import { plain, type Database } from '../../platform/storage/database.ts'
import type { WorkflowDefinition } from '../../engine/workflow/types.ts'

/** One version of a workflow. `createdBy` and `updatedAt` are of the version, `createdAt` of the first. */
export interface WorkflowRecord {
  readonly id: string
  readonly version: number
  readonly definition: WorkflowDefinition
  readonly createdBy: string
  readonly createdAt: string
  readonly updatedAt: string
}
export interface WorkflowPage {
  readonly items: readonly WorkflowRecord[]
  readonly more: boolean
}
export const toWorkflow = ({ definition, ...rest }: WorkflowRecord): Workflow =>
  ({ ...rest, ...definition, description: definition.description ?? null, inputs: definition.inputs ?? null }) as Workflow

const columns = 'w.id, v.version, v.definition, v.created_by AS createdBy, w.created_at AS createdAt, v.created_at AS updatedAt'
const newest = `SELECT ${columns} FROM workflows w JOIN workflow_versions v ON v.workflow_id = w.id AND v.version = w.version`
const any = `SELECT ${columns} FROM workflows w JOIN workflow_versions v ON v.workflow_id = w.id`
const toRecord = (row: unknown): WorkflowRecord => {
  const { definition, ...rest } = plain<Record<string, unknown>>(row)
  return { ...(rest as unknown as WorkflowRecord), definition: JSON.parse(definition as string) as WorkflowDefinition }
}
/** A page ends where its definitions have come to so many characters. */
const pageLength = 4_000_000
/** Takes at most `limit` of the rows; the last one asked for only tells that there are more. */
function pageOf(rows: Iterable<Record<string, unknown>>, limit: number): WorkflowPage {
  const items: WorkflowRecord[] = []
  let length = 0
  for (const row of rows) {
    if (items.length === limit || length > pageLength) return { items, more: true }
    items.push(toRecord(row))
    length += String(row['definition']).length
  }
  return { items, more: false }
}
const usesOf = ({ steps }: WorkflowDefinition): string | null => {
  const used = [...new Set(steps.flatMap(({ workflowId }) => workflowId ?? []))]
  return used.length === 0 ? null : JSON.stringify(used)
}

/** Rows in, records out: the only file that knows the tables of workflows. */
export function createWorkflowStore(db: Database) {
  const byId = db.prepare(`${newest} WHERE w.id = ?`)
  const byVersion = db.prepare(`${any} WHERE w.id = ? AND v.version = ?`)
  const named = db.prepare('SELECT id FROM workflows WHERE name = ? ORDER BY id LIMIT ?')
  const first = db.prepare(`${newest} ORDER BY w.updated_at DESC, w.id DESC LIMIT ?`)
  const next = db.prepare(`${newest} WHERE (w.updated_at, w.id) < (?, ?) ORDER BY w.updated_at DESC, w.id DESC LIMIT ?`)
  const versions = db.prepare(`${any} WHERE w.id = ? AND v.version < ? ORDER BY v.version DESC LIMIT ?`)
  const users = db.prepare(
    'SELECT w.id, w.name FROM workflows w, json_each(w.uses) used WHERE w.uses IS NOT NULL AND used.value = ? ORDER BY w.id LIMIT ?',
  )
  const insert = db.prepare('INSERT INTO workflows (id, version, name, uses, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)')
  const update = db.prepare('UPDATE workflows SET version = ?, name = ?, uses = ?, updated_at = ? WHERE id = ?')
  const keep = db.prepare('INSERT INTO workflow_versions (workflow_id, version, definition, created_by, created_at) VALUES (?, ?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM workflows WHERE id = ?')
  const keepVersion = ({ id, version, definition, createdBy, updatedAt }: WorkflowRecord) =>
    void keep.run(id, version, JSON.stringify(definition), createdBy, updatedAt)
  return {
    /** A version, or the newest. */
    find(id: string, version?: number): WorkflowRecord | undefined {
      const row = version === undefined ? byId.get(id) : byVersion.get(id, version)
      return row && toRecord(row)
    },
    idsNamed: (name: string, limit: number): string[] => named.all(name, limit).map(({ id }) => String(id)),
    /** The workflows whose newest version has this one as a step. */
    usersOf: (id: string, limit: number) => users.all(id, limit).map((row) => plain<{ id: string; name: string }>(row)),
    /** The newest version of each, the one that was changed last first. */
    list: (limit: number, after?: { updatedAt: string; id: string }): WorkflowPage =>
      pageOf(after ? next.iterate(after.updatedAt, after.id, limit + 1) : first.iterate(limit + 1), limit),
    /** The versions below one, newest first. */
    versions: (id: string, limit: number, below: number): WorkflowPage => pageOf(versions.iterate(id, below, limit + 1), limit),
    insert(record: WorkflowRecord) {
      insert.run(record.id, record.version, record.definition.name, usesOf(record.definition), record.createdAt, record.updatedAt)
      keepVersion(record)
    },
    /** Makes a record the newest version of its workflow; the ones before stay. */
    revise(record: WorkflowRecord) {
      update.run(record.version, record.definition.name, usesOf(record.definition), record.updatedAt, record.id)
      keepVersion(record)
    },
    /** Removes a workflow with all its versions. */
    remove: (id: string) => void remove.run(id),
  }
}
export type WorkflowStore = ReturnType<typeof createWorkflowStore>
