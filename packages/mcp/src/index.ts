export { createCatalog, type Catalog } from './catalog.ts'
export { anyChange, newsEvents, type Change } from './news.ts'
export { type McpPort } from './port.ts'
