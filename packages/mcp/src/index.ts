export { createCatalog, type Catalog } from './catalog.ts'
export type { McpPort } from './port.ts'
export { createMcpServer } from './server.ts'
