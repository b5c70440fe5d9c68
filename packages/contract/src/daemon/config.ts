import { z } from 'zod'
import { operation } from '../operation.ts'
import { listOf } from './common.ts'
import { Setting } from './settings.ts'

/** A setting, or the first words of several: `log` is all that begins with `log.`. */
const Dotted = z
  .string()
  .max(200)
  .regex(/^[A-Za-z]\w*(\.\w+)*$/, 'must be words parted by dots, such as log.level')

/** What counts, whatever it comes from; and the stored settings, several at once. */
export const config = {
  'config.get': operation({
    summary: 'Show what counts now, with where each value comes from: everything, one key, or all below the first words of a key.',
    needs: 'settings:read',
    http: 'GET /v1/config',
    cli: { positionals: ['key'] },
    input: z.strictObject({ key: Dotted.optional() }),
    output: listOf(Setting),
  }),
  'config.set': operation({
    summary: 'Store one setting, or with an object all that it names below a key: all of them or none.',
    needs: 'settings:write',
    http: 'PUT /v1/config/{key}',
    database: 'settings',
    cli: { positionals: ['key', 'value'] },
    input: z.strictObject({ key: Dotted, value: z.json() }),
    output: listOf(Setting),
    lane: () => 'settings',
  }),
  'config.reset': operation({
    summary: 'Forget what is stored for a key, or for all below it.',
    needs: 'settings:write',
    http: 'DELETE /v1/config/{key}',
    database: 'settings',
    cli: { positionals: ['key'] },
    input: z.strictObject({ key: Dotted }),
    output: listOf(Setting),
    lane: () => 'settings',
  }),
}
