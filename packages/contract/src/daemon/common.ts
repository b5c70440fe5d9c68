import { z } from 'zod'

const id = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{1,64}$`), `must look like ${prefix}_…`)
export const SessionId = id('ses')
export const MessageId = id('msg')
export const RunId = id('run')
export const CallId = id('call')
export const ApprovalId = id('apr')
export const QuestionId = id('que')
export const FileId = id('file')
export const AgentId = id('agt')
export const TokenId = id('tok')
export const LoginId = id('lgn')
export const RuleId = id('rule')
export const PlanId = id('plan')
export const ExecutionId = id('exe')
export const WorkflowId = id('wfl')
/** A session's task has the session's id. */
export const TaskId = z.string().regex(/^(task|ses)_[0-9a-z]{1,64}$/, 'must look like task_… or ses_…')
export const HookId = id('hook')
export const DeliveryId = id('dlv')
export const FireId = id('fire')
export const AuthId = id('auth')
export const FoundId = id('found')
/** As the Agent Skills standard has it. */
export const SkillName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower case letters, digits and single dashes between them')
export const AppId = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower case letters, digits and dashes')
export const ToolId = z.string().regex(/^[a-z][a-z0-9-]{0,39}\.[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/, 'must look like app.tool')
/** What a tool needs: the scope a caller must hold to use it. */
export const Permission = z
  .string()
  .regex(/^(\*|(\*|[a-z][a-z0-9-]{0,39}):(\*|[a-z][a-z0-9-]{0,39}))$/, 'must look like files:read, files:*, *:read or *')
/** Values by name, as JSON. */
export const Values = z.record(z.string().max(200), z.json())
export const WorkspacePath = z.strictObject({ path: z.string().min(1).max(4096) })
export const ProviderId = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower case letters, digits and dashes')
/** `provider/model`, or `builtin`. */
export const ModelId = z.union([
  z.literal('builtin'),
  z.string().regex(/^[a-z][a-z0-9-]{0,39}\/[^\s]{1,160}$/, 'must look like provider/model, or be builtin'),
])
export const At = z.iso.datetime()
export const Title = z.string().trim().min(1).max(200)
export const PermissionMode = z.enum(['plan', 'ask', 'accept-edits', 'auto', 'dontask'])
export type PermissionMode = z.infer<typeof PermissionMode>

/** Where a page begins; opaque to callers. */
export const PageCursor = z.string().min(1).max(400)
export const page = { limit: z.int().min(1).max(200).default(50), cursor: PageCursor.optional() }
/** The one shape of lists. */
export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() })
/** The answer of operations that have nothing to say (HTTP 204). */
export const Nothing = z.null()

/** Tokens and money, summed. `inputTokens` excludes what the provider's cache read or wrote. */
export const UsageSum = z
  .object({
    inputTokens: z.int(),
    outputTokens: z.int(),
    cacheReadTokens: z.int(),
    cacheWriteTokens: z.int(),
    costUsd: z.number(),
  })
  .meta({ id: 'UsageSum' })
export type UsageSum = z.infer<typeof UsageSum>

/** Limits of one run; what is left out keeps its default. `budgetUsd` is hard: the worst case is reserved before each model call. */
export const LimitsPatch = z
  .strictObject({
    steps: z.int().min(1).max(10_000),
    toolCalls: z.int().min(1).max(100_000),
    minutes: z.number().min(0.01).max(10_000),
    outputBytes: z.int().min(1_000).max(4_000_000),
    tokens: z.int().min(1_000).max(1_000_000_000),
  })
  .partial()
  .meta({ id: 'Limits' })
export type LimitsPatch = z.infer<typeof LimitsPatch>
export const BudgetUsd = z.number().min(0).max(100_000)

/** Where a message came from. */
export const Origin = z
  .object({
    door: z.string(),
    channel: z.string().optional(),
    chat: z.string().optional(),
    sender: z.string().optional(),
    externalId: z.string().optional(),
  })
  .meta({ id: 'Origin' })
export type Origin = z.infer<typeof Origin>
