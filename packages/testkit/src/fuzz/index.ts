export { anything, breakage, breakages, fieldsOf, fits, fitting, operationsOf } from './inputs.ts'
export type { Breakage, Contract, Described } from './inputs.ts'
export { exchange, oddHeaders, oddMethods, oddQueries, oddTargets } from './requests.ts'
export type { Got } from './requests.ts'
