export { openRelay, type Relay, type Report } from './app.ts'
export { defaults, type RelayConfig } from './config.ts'
export { relayOpenapi, serveRelay } from './serve.ts'
export { readConfig, type Flags } from './settings.ts'
