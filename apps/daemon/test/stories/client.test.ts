import { mutates, route, type Operation } from '@steward/contract'
import { operations, type OperationName } from '@steward/contract/daemon'
import { expect, test } from 'vitest'
import { startDaemon } from '../kit.ts'

type Helpers = Record<string, Record<string, (input: unknown) => Promise<unknown>>>
const names = Object.keys(operations) as OperationName[]
const prefixes = ['ses', 'run', 'msg', 'call', 'apr', 'que', 'agt', 'tok', 'rule', 'file', 'plan', 'exe', 'wfl', 'sch', 'fire', 'bak', 'evt']
const unknown = [
  ...prefixes.map((prefix) => `${prefix}_none0000000000000000000`),
  ...prefixes.map((prefix) => `${prefix}_none`),
  'none',
  'none/none',
  'no.such',
]

test('the client has a helper for every noun and verb of the contract, and no other', async () => {
  await using daemon = await startDaemon({ http: false })
  const helpers = daemon.client as unknown as Helpers
  const nouns = [...new Set(names.map((name) => name.split('.')[0] ?? ''))]
  const made = nouns.flatMap((noun) => Object.keys(helpers[noun] ?? {}).map((verb) => `${noun}.${verb}`))
  expect(made.toSorted()).toEqual(names.toSorted())
})
test('a read of something that is not there is the fault not_found, by every helper that reads one thing', async () => {
  await using daemon = await startDaemon({ http: false })
  const helpers = daemon.client as unknown as Helpers
  const told: string[] = []
  for (const name of names) {
    const op: Operation = operations[name]
    const fields = [...route(op).path.matchAll(/\{(\w+)\}/g)].map(([, field]) => field ?? '')
    if (mutates(op) || fields.length === 0) continue
    const input = Object.fromEntries(
      fields.map((field) => [
        field,
        unknown.find((id) => (op.input.shape[field] as { safeParse(value: unknown): { success: boolean } }).safeParse(id).success),
      ]),
    )
    if (!op.input.safeParse(input).success) continue
    const [noun = '', verb = ''] = name.split('.')
    const code = await helpers[noun]![verb]!(input).then(
      () => 'ok',
      (fault: { code?: string }) => fault.code,
    )
    told.push(`${name} ${code}`)
  }
  expect(told.length).toBeGreaterThan(12)
  expect(told.filter((one) => !one.endsWith(' not_found'))).toEqual([])
})
