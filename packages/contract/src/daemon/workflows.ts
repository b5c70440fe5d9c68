import { z } from 'zod'
import { operation } from '../operation.ts'
import { At, ExecutionId, listOf, Nothing, page, Permission, PlanId, Values, WorkflowId } from './common.ts'
import { executions, Outcome, running } from './executions.ts'

const StepId = z.string().min(1).max(64)
/** One step of a workflow. Texts in `inputs`, `if` and `forEach.in` may hold templates: `{{inputs.x}}`, `{{steps.ID.outputs.path}}`. */
export const WorkflowStep = z.strictObject({
  id: StepId,
  toolId: z.string().min(1).max(200).optional(),
  workflowId: z.string().min(1).max(200).optional(),
  inputs: Values.default({}),
  dependsOn: z.array(StepId).max(1_000).optional(),
  if: z.string().min(1).max(20_000).optional(),
  forEach: z.strictObject({ in: z.string().min(1).max(20_000), limit: z.int().min(1).max(10_000) }).optional(),
  retry: z.strictObject({ max: z.int().min(1).max(20), backoffMs: z.int().min(0).max(3_600_000) }).optional(),
  timeoutMs: z.int().min(1).max(86_400_000).optional(),
  onError: z.union([z.enum(['halt', 'continue']), z.strictObject({ goto: StepId })]).optional(),
})
const definition = {
  name: z.string().trim().min(1).max(200),
  description: z.string().max(10_000).optional(),
  /** JSON Schema of what a run is given. */
  inputs: Values.optional(),
  /** What its steps may use, at most; a run has no more than these and its caller's. */
  permissions: z.array(Permission).max(200),
  steps: z.array(WorkflowStep).min(1).max(1_000),
}
/** A saved, versioned chain of tool calls. */
export const Workflow = z
  .object({
    id: WorkflowId,
    version: z.int(),
    ...definition,
    description: z.string().nullable(),
    inputs: Values.nullable(),
    createdBy: z.string(),
    createdAt: At,
    updatedAt: At,
  })
  .meta({ id: 'Workflow' })
export type Workflow = z.infer<typeof Workflow>
const id = z.string().min(1).max(200)
const version = z.int().min(1)

export const workflows = {
  'workflows.save': operation({
    summary: 'Create a workflow, or with the id of one make its next version.',
    needs: 'workflows:write',
    http: 'POST /v1/workflows',
    status: 201,
    elseStatus: { status: 200, when: (answer: { version: number }) => answer.version > 1 },
    database: 'agents',
    mcp: true,
    input: z.strictObject({ id: id.optional(), ...definition }),
    output: Workflow,
    lane: (input) => `workflow:${input.id ?? ''}`,
  }),
  'workflows.get': operation({
    summary: 'Read a workflow, in its newest version or an earlier one.',
    needs: 'workflows:read',
    http: 'GET /v1/workflows/{id}',
    mcp: true,
    cli: { positionals: ['id'] },
    input: z.strictObject({ id, version: version.optional() }),
    output: Workflow,
  }),
  'workflows.list': operation({
    summary: 'List workflows, newest first.',
    needs: 'workflows:read',
    http: 'GET /v1/workflows',
    mcp: true,
    input: z.strictObject({ ...page }),
    output: listOf(Workflow),
  }),
  'workflows.delete': operation({
    summary: 'Delete a workflow with its versions; what runs of it goes on.',
    needs: 'workflows:write',
    http: 'DELETE /v1/workflows/{id}',
    status: 204,
    database: 'agents',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id }),
    output: Nothing,
    lane: (input) => `workflow:${input.id}`,
  }),
  'workflows.versions': operation({
    summary: 'List the versions of a workflow, newest first.',
    needs: 'workflows:read',
    http: 'GET /v1/workflows/{id}/versions',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id, ...page }),
    output: listOf(Workflow),
  }),
  'workflows.diff': operation({
    summary: 'Compare two versions of a workflow; the newest with the one before it unless said.',
    needs: 'workflows:read',
    http: 'GET /v1/workflows/{id}/diff',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id, from: version.optional(), to: version.optional() }),
    output: z.object({ from: z.int(), to: z.int(), diff: z.string() }),
  }),
  'workflows.export': operation({
    summary: 'Download a workflow as YAML.',
    needs: 'workflows:read',
    http: 'GET /v1/workflows/{id}/yaml',
    bytes: 'download',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id, version: version.optional() }),
    output: z.object({ name: z.string(), mediaType: z.string(), size: z.int().nullable() }),
  }),
  'workflows.import': operation({
    summary: 'Create a workflow from YAML, or the next version of the one that it names by id.',
    needs: 'workflows:write',
    http: 'POST /v1/workflows/yaml',
    status: 201,
    elseStatus: { status: 200, when: (answer: { version: number }) => answer.version > 1 },
    bytes: 'upload',
    database: 'agents',
    input: z.strictObject({}),
    output: Workflow,
  }),
  'workflows.capture': operation({
    summary: 'Make a workflow from a plan or from executions that were done.',
    needs: 'workflows:write',
    http: 'POST /v1/workflows/capture',
    status: 201,
    database: 'agents',
    cli: { positionals: ['name'] },
    input: z
      .strictObject({
        name: definition.name,
        description: definition.description,
        planId: PlanId.optional(),
        executionIds: z.array(ExecutionId).min(1).max(100).optional(),
      })
      .refine(({ planId, executionIds }) => (planId === undefined) !== (executionIds === undefined), {
        message: 'give either planId or executionIds',
      }),
    output: Workflow,
  }),
  'workflows.run': operation({
    summary: 'Run a workflow, by its id or its name; waits for its end as long as waitMs says.',
    needs: 'executions:write',
    http: 'POST /v1/workflows/{id}/runs',
    status: 202,
    elseStatus: executions['executions.start'].elseStatus,
    database: 'agents',
    mcp: true,
    cli: { positionals: ['id'], flags: { inputs: 'input' } },
    input: z.strictObject({ id, inputs: Values.optional(), ...running }),
    output: Outcome,
  }),
}
