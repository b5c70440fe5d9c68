export { answers, isAlive } from './answers.ts'
export { findDaemon, type FindOptions, type RunningDaemon } from './find-daemon.ts'
export { homeAt, readDaemonFile, readGatewayKey, type Home } from './home.ts'
