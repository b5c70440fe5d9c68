export { serveFirstFrame, type Begin, type Begun } from './doors/first-frame.ts'
export { createHttp } from './doors/http.ts'
export type {
  Answered,
  DoorOptions,
  HttpOptions,
  Login,
  LoginFrom,
  OpenRequest,
  OpenRoute,
  RawExchange,
  RawRoute,
  Readiness,
  StreamRoute,
} from './doors/http-options.ts'
export { describe as describeContract } from './doors/openapi.ts'
export { closeCodes, type ServeSocket } from './doors/socket.ts'
export { serveWebSockets, type WebSocketOptions } from './doors/ws.ts'
export { lazyRoute } from './doors/raw-route.ts'
export { checkPlace, listenAt, ownHosts, type HttpPlace } from './doors/place.ts'
export { discard, readJson } from './doors/http-body.ts'
export { gather } from './doors/http-input.ts'
export { requestIdOf } from './doors/request-id.ts'
