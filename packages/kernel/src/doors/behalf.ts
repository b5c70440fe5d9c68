import { z } from 'zod'
import type { Caller, Identifier } from '../caller.ts'
import { maxClient } from './http-options.ts'

const secret = z.string().min(1).max(4096)
/** Whose a frame is: an access token, or the value of a login's cookie. */
export const asField = z.union([secret, z.strictObject({ cookie: secret })])
/** How the end caller came to the process that speaks for it: told by a connection without rights of its own, and by no other. */
export const viaField = z.strictObject({
  door: z.string().regex(/^[a-z]{1,20}$/),
  address: z.string().min(1).max(100).optional(),
  client: z.string().min(1).max(maxClient).optional(),
  instanceId: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .optional(),
  requestId: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .optional(),
})
export type As = z.output<typeof asField>
export type Via = z.output<typeof viaField>

/** The end caller of a frame. Throws Fault as the identifier does. */
export async function endCaller(identifier: Identifier, as: As, via: Via | undefined, door: string): Promise<Caller> {
  const from = via?.address === undefined ? {} : { address: via.address }
  const caller = await identifier.authenticate(typeof as === 'string' ? { ...from, token: as } : { ...from, ...as }, via?.door ?? door)
  return via?.instanceId === undefined ? caller : { ...caller, instanceId: via.instanceId }
}
