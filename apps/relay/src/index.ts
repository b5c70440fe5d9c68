export { openRelay, type Relay, type Report } from './app.ts'
export { defaults, type RelayConfig } from './config.ts'
