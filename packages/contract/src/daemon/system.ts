import { z } from 'zod'
import { operation } from '../operation.ts'
import { At, listOf, Nothing, page } from './common.ts'

export const Backup = z.object({ name: z.string(), path: z.string(), createdAt: At, bytes: z.int(), files: z.int() }).meta({ id: 'Backup' })

export const system = {
  'system.status': operation({
    summary: 'Say how the daemon does: addresses, databases, runs, sandbox, memory.',
    needs: 'system:read',
    http: 'GET /v1/status',
    mcp: true,
    input: z.strictObject({}),
    output: z.object({
      version: z.string(),
      protocol: z.int(),
      pid: z.int(),
      startedAt: At,
      uptimeMs: z.number(),
      home: z.string(),
      url: z.string().nullable(),
      socket: z.string().nullable(),
      sandbox: z.enum(['bubblewrap', 'sandbox-exec', 'none']),
      runs: z.object({ running: z.int(), waiting: z.int(), queued: z.int() }),
      executions: z.object({ running: z.int(), waiting: z.int(), queued: z.int() }),
      databases: z.array(z.object({ name: z.string(), bytes: z.int(), healthy: z.boolean(), message: z.string().nullable() })),
      memoryBytes: z.int(),
      /** What would start it again after a crash: `none` in the foreground or under a service manager, `lost` when it has ended itself. */
      supervisor: z.enum(['present', 'lost', 'none']),
    }),
  }),
  'system.version': operation({
    summary: 'Say the version of the program and of its protocol.',
    needs: 'system:read',
    http: 'GET /v1/version',
    input: z.strictObject({}),
    output: z.object({ version: z.string(), protocol: z.int(), node: z.string() }),
  }),
  'system.stop': operation({
    summary: 'Stop the daemon after it has put everything in order; runs are taken up at the next start.',
    needs: 'system:admin',
    http: 'POST /v1/stop',
    status: 202,
    input: z.strictObject({}),
    output: z.object({ pid: z.int() }),
  }),
  'backups.create': operation({
    summary: 'Write a consistent copy of all data.',
    needs: 'system:admin',
    http: 'POST /v1/backups',
    status: 201,
    database: 'agents',
    input: z.strictObject({ path: z.string().min(1).max(4096).optional() }),
    output: Backup,
    lane: () => 'backups',
  }),
  'backups.list': operation({
    summary: 'List the copies in the backups folder, newest first.',
    needs: 'system:admin',
    http: 'GET /v1/backups',
    input: z.strictObject({ ...page }),
    output: listOf(Backup),
  }),
  'backups.verify': operation({
    summary: 'Check that a copy is whole: every database, every file, every checksum.',
    needs: 'system:admin',
    http: 'GET /v1/backups/verification',
    cli: { positionals: ['path'] },
    input: z.strictObject({ path: z.string().min(1).max(4096) }),
    output: z.object({ intact: z.boolean(), faults: z.array(z.string()), databases: z.int(), files: z.int() }),
  }),
  'backups.delete': operation({
    summary: 'Delete a copy in the backups folder.',
    needs: 'system:admin',
    http: 'DELETE /v1/backups/{name}',
    status: 204,
    database: 'agents',
    cli: { positionals: ['name'] },
    input: z.strictObject({ name: z.string().regex(/^[\w-]{1,100}$/) }),
    output: Nothing,
    lane: () => 'backups',
  }),
}
