import type { Fault, FaultCode } from '@steward/contract'

/** What the command's exit code says. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  noDaemon: 3,
  denied: 4,
  notFound: 5,
  conflict: 6,
  refused: 7,
  tooLarge: 8,
  tooMany: 9,
  cancelled: 130,
} as const

const byFault = {
  invalid: exitCodes.usage,
  unauthenticated: exitCodes.denied,
  forbidden: exitCodes.denied,
  not_found: exitCodes.notFound,
  conflict: exitCodes.conflict,
  too_large: exitCodes.tooLarge,
  unprocessable: exitCodes.refused,
  approval_required: exitCodes.denied,
  too_many: exitCodes.tooMany,
  internal: exitCodes.failed,
  unavailable: exitCodes.noDaemon,
} as const satisfies Record<FaultCode, number>

/** The exit code of a fault. */
export const exitCodeOf = (fault: Fault): number => byFault[fault.code]

/** The table of exit codes for help texts. */
export const exitCodeHelp = `
Exit codes:
  0  done (a run: completed)          5  not found
  1  failed                           6  conflict
  2  wrong usage or invalid input     7  refused as it stands
  3  no daemon, or not reachable      8  too large
  4  denied: a credential, a scope,   9  too many, try again later
     or a call nobody could approve 130  cancelled
`
