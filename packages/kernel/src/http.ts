export { createHttp } from './doors/http.ts'
export type { DoorOptions, HttpOptions, Login, StreamRoute } from './doors/http-options.ts'
export { describe as describeContract } from './doors/openapi.ts'
export { closeCodes, serveWebSockets, type ServeSocket, type WebSocketOptions } from './doors/ws.ts'
