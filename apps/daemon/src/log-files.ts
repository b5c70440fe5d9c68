export { followLog, placesAfter } from './platform/log/follow.ts'
export { passes, type LogFilter } from './platform/log/lines.ts'
export { newestFirst, oldestFirst } from './platform/log/read.ts'
export { openSources } from './platform/log/sources.ts'
