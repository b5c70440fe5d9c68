import { z } from 'zod'
import { event } from '../event.ts'
import { operation } from '../operation.ts'
import { At, DeliveryId, HookId, listOf, Nothing, page, TaskId, Title, Values } from './common.ts'
import { EventMatch } from './reactions.ts'

/**
 * What a hook does with an event. `webhook`: a signed request with the event as JSON, or with `body`, in which `{{…}}` is filled in; `{{secrets.NAME}}` in a
 * header is a secret by its name. `command`: a program and its arguments, or a line for the shell; it reads the event as JSON from its input.
 * `task`: a stored task is fired with the event as its input.
 */
export const HookAction = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('webhook'),
    url: z.url({ protocol: /^https?$/ }).max(2_000),
    method: z.enum(['POST', 'PUT', 'PATCH']).default('POST'),
    headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of a header'), z.string().max(2_000)).default({}),
    body: Values.optional(),
  }),
  z.strictObject({
    kind: z.literal('command'),
    command: z.union([z.array(z.string().max(10_000)).min(1).max(100), z.string().trim().min(1).max(10_000)]),
    cwd: z.string().min(1).max(4_096).optional(),
    timeoutMs: z.int().min(1_000).max(600_000).default(30_000),
  }),
  z.strictObject({ kind: z.literal('task'), taskId: TaskId }),
])
export type HookAction = z.infer<typeof HookAction>
const fields = { name: Title, on: EventMatch, action: HookAction, active: z.boolean() }
export const Hook = z
  .object({
    id: HookId,
    ...fields,
    /** As whom it acts: who made it or changed it last. */
    owner: z.string(),
    createdAt: At,
    updatedAt: At,
  })
  .meta({ id: 'Hook' })
export type Hook = z.infer<typeof Hook>
/** One event on its way to a hook's target: at least once, under an id that stays the same. */
export const Delivery = z
  .object({
    id: DeliveryId,
    hookId: HookId,
    event: z.object({ id: z.string(), name: z.string() }),
    status: z.enum(['waiting', 'delivered', 'failed', 'cancelled']),
    attempts: z.int(),
    /** What the last try came to, in words; null where there was none or it went well. */
    error: z.string().nullable(),
    nextAt: At.nullable(),
    createdAt: At,
    finishedAt: At.nullable(),
  })
  .meta({ id: 'Delivery' })
export type Delivery = z.infer<typeof Delivery>
const one = z.strictObject({ id: HookId })
const lane = ({ id }: { id: string }) => `hook:${id}`

export const hooks = {
  'hooks.create': operation({
    summary: 'Make a hook: on events of the log it sends a webhook, runs a command or starts a task.',
    needs: 'hooks:write',
    http: 'POST /v1/hooks',
    status: 201,
    database: 'agents',
    cli: { positionals: ['name'] },
    input: z.strictObject({ ...fields, active: z.boolean().default(true) }),
    output: Hook,
  }),
  'hooks.get': operation({
    summary: 'Read a hook.',
    needs: 'hooks:read',
    http: 'GET /v1/hooks/{id}',
    cli: { positionals: ['id'] },
    input: one,
    output: Hook,
  }),
  'hooks.list': operation({
    summary: 'List hooks, newest first.',
    needs: 'hooks:read',
    http: 'GET /v1/hooks',
    input: z.strictObject({ ...page }),
    output: listOf(Hook),
  }),
  'hooks.update': operation({
    summary: 'Change a hook, or switch it off and on; from then on it acts as whoever changed it.',
    needs: 'hooks:write',
    http: 'PATCH /v1/hooks/{id}',
    database: 'agents',
    cli: { positionals: ['id'] },
    input: z.strictObject({ ...one.shape, ...z.strictObject(fields).partial().shape }),
    output: Hook,
    lane,
  }),
  'hooks.delete': operation({
    summary: 'Delete a hook with its deliveries.',
    needs: 'hooks:write',
    http: 'DELETE /v1/hooks/{id}',
    status: 204,
    database: 'agents',
    cli: { positionals: ['id'] },
    input: one,
    output: Nothing,
    lane,
  }),
  'hooks.test': operation({
    summary: 'Send a made-up event to a hook; its deliveries tell how that went.',
    needs: 'hooks:write',
    http: 'POST /v1/hooks/{id}/test',
    status: 202,
    database: 'agents',
    cli: { positionals: ['id'] },
    input: one,
    output: Delivery,
    lane,
  }),
  'hooks.deliveries': operation({
    summary: 'List what a hook has sent and has still to send, newest first.',
    needs: 'hooks:read',
    http: 'GET /v1/hooks/{id}/deliveries',
    cli: { positionals: ['id'] },
    input: z.strictObject({ ...one.shape, ...page, status: Delivery.shape.status.optional() }),
    output: listOf(Delivery),
  }),
  'hooks.rotateSecret': operation({
    summary: 'Make a new secret that the webhooks of a hook are signed with; it is shown this once.',
    needs: 'hooks:write',
    http: 'POST /v1/hooks/{id}/secret',
    status: 201,
    database: 'agents',
    secret: true,
    cli: { positionals: ['id'] },
    input: one,
    output: z.object({ secret: z.string() }),
    lane,
  }),
}
const agents = <D extends z.ZodType>(data: D, audit = false) => event({ log: 'agents', data, audit })
/** No hook and no task is set off by these. */
export const hookEvents = {
  /** `hook` is null once it is deleted. */
  'hook.changed': agents(z.object({ hookId: HookId, change: z.enum(['created', 'updated', 'rotated', 'deleted']), hook: Hook.nullable() }), true),
  /** A delivery was given up. */
  'hook.failed': agents(z.object({ hookId: HookId, deliveryId: DeliveryId, attempts: z.int(), error: z.string() })),
}
