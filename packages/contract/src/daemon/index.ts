import { agents } from './agents.ts'
import { apps } from './apps.ts'
import { decisions } from './decisions.ts'
import { executions } from './executions.ts'
import { files } from './files.ts'
import { messages } from './messages.ts'
import { models } from './models.ts'
import { plans } from './plans.ts'
import { records } from './records.ts'
import { runs } from './runs.ts'
import { schedules } from './scheduled.ts'
import { secrets } from './secrets.ts'
import { sessions } from './sessions.ts'
import { settings } from './settings.ts'
import { system } from './system.ts'
import { tasks } from './tasks.ts'
import { tokens } from './tokens.ts'
import { workflows } from './workflows.ts'

/** Every operation of the daemon. */
export const operations = {
  ...sessions,
  ...messages,
  ...runs,
  ...decisions,
  ...tasks,
  ...files,
  ...agents,
  ...apps,
  ...plans,
  ...executions,
  ...workflows,
  ...schedules,
  ...secrets,
  ...models,
  ...settings,
  ...tokens,
  ...records,
  ...system,
}
export type Operations = typeof operations
export type OperationName = keyof Operations
export * from './agents.ts'
export * from './apps.ts'
export * from './common.ts'
export * from './decisions.ts'
export * from './doors.ts'
export * from './events.ts'
export * from './executions.ts'
export * from './files.ts'
export * from './messages.ts'
export * from './models.ts'
export * from './plans.ts'
export * from './protocol.ts'
export * from './records.ts'
export * from './runs.ts'
export * from './secrets.ts'
export * from './scheduled.ts'
export * from './sessions.ts'
export * from './settings.ts'
export * from './system.ts'
export * from './tasks.ts'
export * from './tokens.ts'
export * from './workflows.ts'
