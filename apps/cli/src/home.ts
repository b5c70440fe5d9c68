export { homeAt, readDaemonFile, readGatewayKey, type Home } from '@steward/client/node/find'
