import path from 'node:path'
import { secretFile } from '../../platform/secrets/key-file.ts'

/** The owner's token: one line in `run/token` of the data folder, 0600, made when missing. Whoever can read it is the owner. */
export const createOwnerToken = (home: string): string => secretFile(path.join(home, 'run', 'token'), 'stw_')

/**
 * What a gateway proves itself with at the socket: `run/gateway.key`, 0600, made when missing. Whoever can read it may speak for callers that show
 * a credential of their own, and has no rights itself.
 */
export const createGatewayKey = (home: string): string => secretFile(path.join(home, 'run', 'gateway.key'), 'stg_')
