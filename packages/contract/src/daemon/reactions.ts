import { z } from 'zod'
import { AgentId, SessionId, TaskId } from './common.ts'

/** A place in an event: `data.status`, `data.approval.toolId`. */
const EventPath = z.string().regex(/^[A-Za-z0-9_-]{1,100}(\.[A-Za-z0-9_-]{1,100}){0,9}$/, 'must look like data.status')
/** One thing that an event must say: that a place holds exactly this, or text that contains this. */
const EventSays = z
  .strictObject({ path: EventPath, equals: z.json().optional(), contains: z.string().min(1).max(1_000).optional() })
  .refine(({ equals, contains }) => (equals === undefined) !== (contains === undefined), { message: 'give either equals or contains' })
/**
 * Which events of the logs are meant: any of these names, and all that the filter says. `taskId`, `agentId` and `name` are those of the task that the
 * event belongs to, `name` with `*` for any text; `status` is the one that its data tells.
 */
export const eventMatch = {
  events: z.array(z.string().min(1).max(100)).min(1).max(50),
  filter: z
    .strictObject({
      taskId: TaskId,
      agentId: AgentId,
      sessionId: SessionId,
      status: z.array(z.string().min(1).max(40)).min(1).max(20),
      name: z.string().min(1).max(200),
      where: z.array(EventSays).min(1).max(20),
    })
    .partial()
    .optional(),
}
export const EventMatch = z.strictObject(eventMatch)
export type EventMatch = z.infer<typeof EventMatch>
