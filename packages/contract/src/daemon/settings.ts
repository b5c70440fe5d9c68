import { z } from 'zod'
import { operation } from '../operation.ts'
import { logComponents } from './logs.ts'
import { BudgetUsd, listOf, ModelId, page, PermissionMode } from './common.ts'

const LogThreshold = z.enum(['debug', 'info', 'warn', 'error'])
const text = (max = 2000) => z.string().max(max)
const strings = z.array(z.string().min(1).max(500)).max(200)
/** Every setting: its schema (whose default is the default) and what it does. A key that nothing reads may not stand here. */
export const settingKeys = {
  'server.port': { schema: z.int().min(0).max(65_535).default(0), about: 'Port of the HTTP door; 0 takes a free one, which is then kept.' },
  'server.allowedHosts': { schema: strings.default([]), about: 'Host names besides the loopback ones that the HTTP door answers to.' },
  'server.allowedOrigins': { schema: strings.default([]), about: 'Origins besides the own one that browsers may call from.' },
  'server.maxBodyBytes': { schema: z.int().min(10_000).max(64_000_000).default(4_000_000), about: 'Largest JSON body that is read.' },
  'files.maxBytes': { schema: z.int().min(1_000).max(10_000_000_000).default(100_000_000), about: 'Largest file that may be uploaded.' },
  workspaceRoot: {
    schema: text(4096).default(''),
    about: 'Folder for sessions that name none; empty: the folder `workspace` in your home folder, made when first used.',
  },
  'workspace.allowedRoots': {
    schema: strings.default([]),
    about: 'Folders under which callers other than the owner may open sessions; the workspace root always is one.',
  },
  'models.default': {
    schema: ModelId.or(z.literal('auto')).default('auto'),
    about: 'Model of agents that name none; auto: the first provider with a key, else builtin.',
  },
  'runs.permissionMode': { schema: PermissionMode.default('ask'), about: 'How tool calls are judged where neither session nor agent says.' },
  'runs.steps': { schema: z.int().min(1).max(10_000).default(200), about: 'Most model calls of one run.' },
  'runs.toolCalls': { schema: z.int().min(1).max(100_000).default(500), about: 'Most tool calls of one run.' },
  'runs.minutes': {
    schema: z.number().min(0.01).max(10_000).default(120),
    about: 'Most working minutes of one run; waiting for a person does not count.',
  },
  'runs.tokens': { schema: z.int().min(1_000).max(1_000_000_000).default(20_000_000), about: 'Most tokens of one run.' },
  'runs.budgetUsd': { schema: BudgetUsd.nullable().default(null), about: 'Most money of one run in USD; null: no cap.' },
  'runs.parallel': { schema: z.int().min(1).max(200).default(10), about: 'Runs at once; more wait in the queue.' },
  'runs.approvalMinutes': {
    schema: z.number().min(0.1).max(100_000).default(1_440),
    about: 'How long an approval waits before it expires as rejected.',
  },
  'tools.outputBytes': { schema: z.int().min(1_000).max(4_000_000).default(50_000), about: 'Most bytes of one tool output that the model reads.' },
  'tools.sandbox': {
    schema: z.enum(['auto', 'off', 'required']).default('auto'),
    about: 'OS sandbox for child processes; required: no sandbox, no children. Counts from the next start.',
  },
  'tools.network': { schema: z.boolean().default(true), about: 'Whether sandboxed commands may use the network.' },
  'tools.env': {
    schema: strings.default([]),
    about: 'Names of environment variables that children may see besides the clean set. Counts from the next start.',
  },
  'tools.fetchAllow': { schema: strings.default([]), about: 'Hosts or CIDR ranges that web fetch may reach although they are private.' },
  'apps.folder': {
    schema: text(4096).default(''),
    about: 'Folder of the manifests of your apps (*.app.json); empty: the folder `steward/apps` in your home folder. Counts from the next start.',
  },
  skillsPath: {
    schema: text(4096).default(''),
    about:
      'Folder of your skills, each a folder with a SKILL.md; empty: the folder `steward/skills` in your home folder. Counts from the next start.',
  },
  'plans.model': {
    schema: ModelId.or(z.literal('auto')).default('auto'),
    about: 'Model that makes plans; auto: the default model.',
  },
  'plans.minutes': { schema: z.number().min(0.01).max(100_000).default(15), about: 'Minutes after which a plan can no longer be executed.' },
  'executions.atOnce': { schema: z.int().min(1).max(1_000).default(20), about: 'Executions at work at once; more wait in the queue.' },
  'executions.steps': { schema: z.int().min(1).max(100).default(8), about: 'Steps of one execution at work at once.' },
  'executions.stepSeconds': {
    schema: z.number().min(0.1).max(86_400).default(600),
    about: 'Most seconds of one step that declares no time limit of its own.',
  },
  'history.days': {
    schema: z.int().min(0).max(36_500).default(0),
    about: 'Days after which finished executions, fires of tasks and deliveries of hooks are forgotten; 0 keeps them.',
  },
  'memory.days': { schema: z.int().min(0).max(36_500).default(0), about: 'Days after its last change that a memory is forgotten; 0 keeps them.' },
  'memory.embeddingModel': {
    schema: ModelId.nullable().default(null),
    about: 'Embedding model, as provider/model, by which memories are found by meaning as well; null: by words alone.',
  },
  'memory.recallTokens': {
    schema: z.int().min(0).max(100_000).default(800),
    about: 'Most tokens of memories that are put into the system prompt of a run by themselves; 0: none.',
  },
  'storage.sync': {
    schema: z.enum(['barrier', 'full']).default('barrier'),
    about: 'barrier: one sync serves all commits made before it; full: every commit syncs by itself. Counts from the next start.',
  },
  'storage.eventDays': { schema: z.int().min(0).max(36_500).default(0), about: 'Days after which events are pruned; 0 keeps them.' },
  'log.level': { schema: LogThreshold.default('info'), about: 'How much the log says.' },
  'log.levels': {
    schema: z.partialRecord(z.enum(logComponents), LogThreshold).default({}),
    about: 'How much single components say, where that is not log.level: {"http": "debug"}.',
  },
  'log.maxMegabytes': {
    schema: z.number().min(0.01).max(10_000).default(10),
    about: 'The log is put aside, and a new file begun, when it is so long.',
  },
  'log.days': { schema: z.int().min(1).max(36_500).default(30), about: 'Days after which files of the log that were put aside are removed.' },
  'log.totalMegabytes': {
    schema: z.number().min(0.01).max(100_000).default(100),
    about: 'Most megabytes of all files of the log; the oldest are removed first.',
  },
} as const satisfies Record<string, { schema: z.ZodType; about: string }>
export type SettingKey = keyof typeof settingKeys
export type Settings = { [K in SettingKey]: z.output<(typeof settingKeys)[K]['schema']> }
export const SettingKeySchema = z.enum(Object.keys(settingKeys) as [SettingKey, ...SettingKey[]])

/** A setting as it counts now. `place` says where a value that is not stored was given: the file, the variable or the flag. `schema` is the JSON Schema of what may be set. */
export const Setting = z
  .object({
    key: SettingKeySchema,
    value: z.json(),
    default: z.json(),
    source: z.enum(['default', 'file', 'stored', 'environment', 'flag']),
    place: z.string().nullable(),
    about: z.string(),
    schema: z.json(),
  })
  .meta({ id: 'Setting' })
export type Setting = z.infer<typeof Setting>

export const settings = {
  'settings.list': operation({
    summary: 'List every setting with its value, default and source.',
    needs: 'settings:read',
    http: 'GET /v1/settings',
    input: z.strictObject({ ...page, limit: page.limit.default(200) }),
    output: listOf(Setting),
  }),
  'settings.get': operation({
    summary: 'Read one setting.',
    needs: 'settings:read',
    http: 'GET /v1/settings/{key}',
    cli: { positionals: ['key'] },
    input: z.strictObject({ key: SettingKeySchema }),
    output: Setting,
  }),
  'settings.set': operation({
    summary: 'Store a setting.',
    needs: 'settings:write',
    http: 'PUT /v1/settings/{key}',
    database: 'settings',
    cli: { positionals: ['key', 'value'] },
    input: z.strictObject({ key: SettingKeySchema, value: z.json() }),
    output: Setting,
    lane: ({ key }) => `setting:${key}`,
  }),
  'settings.reset': operation({
    summary: 'Take a setting back to its default.',
    needs: 'settings:write',
    http: 'DELETE /v1/settings/{key}',
    database: 'settings',
    cli: { positionals: ['key'] },
    input: z.strictObject({ key: SettingKeySchema }),
    output: Setting,
  }),
}
