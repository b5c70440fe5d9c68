export { chunkBytes, maxFrameBytes, maxInFlight, openCredit } from './doors/frame.ts'
export { serveFrames, type FrameOptions, type FrameSession, type Wire } from './doors/frames.ts'
export { serveIpc, type IpcOptions, type IpcServer } from './doors/ipc.ts'
