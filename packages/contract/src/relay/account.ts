import { z } from 'zod'
import { operation } from '../operation.ts'
import { account, database, Millis, RelayId, text, Version } from './common.ts'

const Settings = text(1024 * 1024).nullable()

export const accountOperations = {
  'account.profile': operation({
    summary: 'Say what the relay knows of the account: nothing but which vendors it has connected.',
    needs: account,
    http: 'GET /v1/account/profile',
    input: z.object({}),
    output: z.object({
      id: RelayId,
      timestamp: Millis,
      firstName: z.null(),
      lastName: z.null(),
      username: z.null(),
      avatar: z.null(),
      github: z.null(),
      connectedServices: z.array(z.string()),
    }),
  }),
  'account.settings': operation({
    summary: "Get the account's sealed settings.",
    needs: account,
    http: 'GET /v1/account/settings',
    input: z.object({}),
    output: z.object({ settings: Settings, settingsVersion: Version }),
  }),
  'account.saveSettings': operation({
    summary: "Replace the account's sealed settings, if nobody else has replaced them meanwhile.",
    needs: account,
    http: 'POST /v1/account/settings',
    database,
    input: z.object({ settings: Settings, expectedVersion: Version }),
    output: z.discriminatedUnion('success', [
      z.object({ success: z.literal(true), version: Version }),
      z.object({ success: z.literal(false), error: z.literal('version-mismatch'), currentVersion: Version, currentSettings: Settings }),
    ]),
  }),
}
