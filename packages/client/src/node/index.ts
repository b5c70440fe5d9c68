export { createIpcSender, type IpcSenderOptions } from './ipc-sender.ts'
