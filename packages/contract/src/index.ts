export * from './operation.ts'
export * from './event.ts'
export * from './fault.ts'
