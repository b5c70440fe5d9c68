export { findDaemon, type RunningDaemon } from '@steward/client/node/find'
