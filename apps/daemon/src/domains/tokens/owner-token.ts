import path from 'node:path'
import { secretFile } from '../../platform/secrets/key-file.ts'

/** The owner's token: one line in `run/token` of the data folder, 0600, made when missing. Whoever can read it is the owner. */
export const createOwnerToken = (home: string): string => secretFile(path.join(home, 'run', 'token'), 'stw_')
