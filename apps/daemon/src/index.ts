export { openApp, type App, type AppOptions } from './app.ts'
export { openDirect, restoreBackup, type Direct } from './direct.ts'
export { serve, type Served, type ServeOptions } from './serve.ts'
