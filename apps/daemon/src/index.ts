export type { App, AppOptions } from './app-types.ts'
export { openApp } from './app.ts'
export { openDirect, restoreBackup, type Direct } from './direct.ts'
export { serve, type Served, type ServeOptions } from './serve.ts'
