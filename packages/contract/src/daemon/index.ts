import { agents } from './agents.ts'
import { apps } from './apps.ts'
import { auth } from './auth.ts'
import { config } from './config.ts'
import { decisions } from './decisions.ts'
import { executions } from './executions.ts'
import { files } from './files.ts'
import { hooks } from './hooks.ts'
import { logs } from './logs.ts'
import { memory } from './memory.ts'
import { messages } from './messages.ts'
import { models } from './models.ts'
import { plans } from './plans.ts'
import { records } from './records.ts'
import { runs } from './runs.ts'
import { secrets } from './secrets.ts'
import { sessions } from './sessions.ts'
import { settings } from './settings.ts'
import { skills } from './skills.ts'
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
  ...memory,
  ...hooks,
  ...skills,
  ...secrets,
  ...models,
  ...auth,
  ...settings,
  ...config,
  ...tokens,
  ...records,
  ...logs,
  ...system,
}
export type Operations = typeof operations
export type OperationName = keyof Operations
export * from './agents.ts'
export * from './apps.ts'
export * from './auth.ts'
export * from './common.ts'
export * from './config.ts'
export * from './decisions.ts'
export * from './doors.ts'
export * from './events.ts'
export * from './executions.ts'
export * from './files.ts'
export * from './hooks.ts'
export * from './logs.ts'
export * from './memory.ts'
export * from './messages.ts'
export * from './models.ts'
export * from './plans.ts'
export * from './protocol.ts'
export * from './reactions.ts'
export * from './records.ts'
export * from './runs.ts'
export * from './secrets.ts'
export * from './sessions.ts'
export * from './settings.ts'
export * from './skills.ts'
export * from './system.ts'
export * from './task-parts.ts'
export * from './tasks.ts'
export * from './tokens.ts'
export * from './workflows.ts'
