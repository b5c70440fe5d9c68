import { Fault, type FaultCode } from '@steward/contract'

/** A refusal whose body is told word for word, as the existing clients want it in some places. Its status is that of the code. */
export const worded = (code: FaultCode, message: string, wire: Readonly<Record<string, unknown>>): Fault => new Fault(code, message, { wire })
