export { followLog, placesAfter, type Places } from './platform/log/follow.ts'
export { passes } from './platform/log/lines.ts'
export { newestFirst, oldestFirst } from './platform/log/read.ts'
export { openSources, type Sources } from './platform/log/sources.ts'
