/** The other names of paths that the fifth and first documents use. */
export const pathAliases: Readonly<Record<string, string>> = {
  '/plan': '/v1/plan',
  '/execute': '/v1/execute',
  '/tools': '/v1/tools',
  '/workflows': '/v1/workflows',
  '/history': '/v1/history',
}
/** The event streams of HTTP. */
export const eventStreams = [
  { path: '/v1/sessions/{sessionId}/events', summary: 'The events of one session, from its first or after a cursor, and what is being written now.' },
  { path: '/v1/events', summary: 'The events of all logs, from now or after a cursor.' },
] as const
/** What a daemon tells a gateway to serve by: the names and pages it answers to, its limits in bytes, and a mark that changes with what MCP hosts are told of. */
export interface GatewayTerms {
  readonly hosts: readonly string[]
  readonly origins: readonly string[]
  readonly maxBodyBytes: number
  readonly maxUploadBytes: number
  readonly news: number
}
/** Where MCP is spoken over HTTP, and what its callers' door is called. */
export const mcpRoute = { path: '/mcp', methods: ['GET', 'POST', 'DELETE'], door: 'mcp' } as const
/** The events that change what `tools.list` answers. */
export const registryEvents = ['app.changed', 'app.removed'] as const
/** The events that MCP hosts are told of: of tools, and of what they read as resources. */
export const hostEvents = [...registryEvents, 'skill.changed', 'skill.removed', 'memory.saved', 'memory.updated', 'memory.deleted'] as const
/** Where signed requests to the webhooks of tasks come, without a credential. Bytes of a body, at most. */
export const webhookRoute = { path: '/v1/hooks/{id}', method: 'POST', maxBytes: 1_048_576 } as const
