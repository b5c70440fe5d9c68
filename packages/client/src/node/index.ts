export { connectOrStart, type ConnectionState, type ConnectOptions } from './connect-or-start.ts'
export { createDelegate, type Behalf, type Delegate, type DelegateOptions, type Identity } from './delegate.ts'
export * from './find.ts'
export { createIpcSender, type IpcSenderOptions } from './ipc-sender.ts'
