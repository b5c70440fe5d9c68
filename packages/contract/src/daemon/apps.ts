import { z } from 'zod'
import { operation } from '../operation.ts'
import { AppId, At, listOf, Nothing, page, Permission, ToolId } from './common.ts'

/** One typed action. Its schemas are JSON Schema. */
export const ToolFacts = z
  .object({
    id: ToolId,
    name: z.string(),
    /** The name that models see: vendors take no dot, and so many characters. */
    modelName: z.string(),
    description: z.string(),
    inputsSchema: z.json(),
    outputsSchema: z.json().optional(),
    permissions: z.array(Permission),
    risk: z.enum(['read', 'write', 'execute', 'network', 'destructive']),
    /** Works only inside a session of Steward's own. */
    inSession: z.boolean(),
  })
  .meta({ id: 'Tool' })
/** A server that speaks the Model Context Protocol: a program of this machine, or an address. */
const McpServer = z.union([
  z.strictObject({
    command: z.string().min(1).max(4096),
    args: z.array(z.string().max(10_000)).max(200).default([]),
    /** Values may name secrets: `{{secrets.token}}` is the secret `APP.token`. */
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/), z.string().max(10_000)).default({}),
    cwd: z.string().min(1).max(4096).optional(),
    /** Folders that it may write to besides the workspace. */
    writable: z.array(z.string().min(1).max(4096)).max(50).default([]),
    sandbox: z.boolean().default(true),
  }),
  z.strictObject({
    url: z.url({ protocol: /^https?$/ }).max(2000),
    headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,100}$/), z.string().max(10_000)).default({}),
  }),
])
/** A group of tools. `message` says what is wrong where it is not ready; `settings` are what its manifest lets people set. */
export const App = z
  .object({
    id: AppId,
    name: z.string(),
    source: z.enum(['builtin', 'manifest', 'mcp']),
    status: z.enum(['ready', 'starting', 'failed', 'needs_authorization', 'disabled']),
    enabled: z.boolean(),
    tools: z.int(),
    message: z.string().nullable(),
    path: z.string().nullable(),
    settings: z.record(z.string(), z.string()),
    secrets: z.array(z.object({ name: z.string(), isSet: z.boolean() })),
    server: z.json().nullable(),
    updatedAt: At.nullable(),
  })
  .meta({ id: 'App' })
export type App = z.infer<typeof App>
/** A file in the apps folder that could not be taken; the others are not harmed by it. */
export const AppFault = z.object({ path: z.string(), line: z.int().nullable(), message: z.string() })
export type AppFault = z.infer<typeof AppFault>
const one = z.strictObject({ id: AppId })
const lane = ({ id }: { id: string }) => `app:${id}`

export const apps = {
  'tools.list': operation({
    summary: 'List apps and their tools with schemas, permissions and risk: those that the caller may use.',
    needs: 'tools:read',
    http: 'GET /v1/tools',
    mcp: true,
    input: z.strictObject({}),
    output: z.object({ apps: z.array(z.object({ id: AppId, name: z.string(), tools: z.array(ToolFacts) })) }),
  }),
  'apps.list': operation({
    summary: 'List apps with where they come from and how they do, and the manifests that could not be taken.',
    needs: 'apps:read',
    http: 'GET /v1/apps',
    mcp: true,
    input: z.strictObject({ ...page }),
    output: listOf(App).extend({ faults: z.array(AppFault) }),
  }),
  'apps.get': operation({
    summary: 'Read one app.',
    needs: 'apps:read',
    http: 'GET /v1/apps/{id}',
    cli: { positionals: ['id'] },
    input: one,
    output: App,
  }),
  'apps.add': operation({
    summary: 'Add an MCP server as an app.',
    needs: 'apps:admin',
    http: 'POST /v1/apps',
    status: 201,
    database: 'agents',
    cli: { positionals: ['id'] },
    input: z.strictObject({
      id: AppId,
      name: z.string().trim().min(1).max(100).optional(),
      server: McpServer,
      /** Believe what the server says of its tools: which only read, which destroy. */
      trusted: z.boolean().default(false),
      timeoutMs: z.int().min(100).max(3_600_000).default(120_000),
    }),
    output: App,
    lane,
  }),
  'apps.configure': operation({
    summary: 'Turn an app on or off, or change the settings that its manifest offers.',
    needs: 'apps:admin',
    http: 'PATCH /v1/apps/{id}',
    database: 'agents',
    cli: { positionals: ['id'] },
    input: z.strictObject({
      id: AppId,
      enabled: z.boolean().optional(),
      /** null takes a setting back to its default. */
      settings: z.record(z.string().max(100), z.string().max(10_000).nullable()).optional(),
    }),
    output: App,
    lane,
  }),
  'apps.restart': operation({
    summary: 'Start the MCP server of an app anew.',
    needs: 'apps:admin',
    http: 'POST /v1/apps/{id}/restart',
    cli: { positionals: ['id'] },
    input: one,
    output: App,
    lane,
  }),
  'apps.remove': operation({
    summary: 'Remove an app that is an MCP server; an app from a manifest goes with its file.',
    needs: 'apps:admin',
    http: 'DELETE /v1/apps/{id}',
    status: 204,
    database: 'agents',
    cli: { positionals: ['id'] },
    input: one,
    output: Nothing,
    lane,
  }),
  'apps.authorize': operation({
    summary: 'Begin the login that an MCP server asks for; answers the address to open.',
    needs: 'apps:admin',
    http: 'POST /v1/apps/{id}/authorization',
    cli: { positionals: ['id'] },
    input: one,
    output: z.object({ url: z.string() }),
    lane,
  }),
  'apps.authorized': operation({
    summary: 'Finish the login of an MCP server with the code that it gave.',
    needs: 'apps:admin',
    http: 'POST /v1/app-authorizations',
    input: z.strictObject({ code: z.string().min(1).max(4000), state: z.string().min(1).max(1000), iss: z.string().max(2000).optional() }),
    output: App,
  }),
}
