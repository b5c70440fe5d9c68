import { Fault } from '@steward/contract'
import type { relayOperations } from '@steward/contract/relay'
import type { AccountTx } from '../../changes/lane.ts'
import type { RelayHandlers } from '../../context.ts'
import type { Database } from '../../platform/database.ts'
import * as store from './store.ts'
import type { MachineRow } from './store.ts'

export interface MachinePorts {
  readonly database: Database
  /** A machine that counted as gone is alive. `at`: milliseconds since 1970. */
  alive(accountId: string, machineId: string, at: number): void
  /** What is known of a machine's life is no longer true: it is new or gone. */
  changed(accountId: string, machineId: string): void
}
type Names = Extract<keyof typeof relayOperations, `machines.${string}`>
const none = () => new Fault('not_found', 'Machine not found')
const listLimit = 1_000
const mismatch = (row: MachineRow) => ({ success: false as const, error: 'version-mismatch' as const, machine: store.machineOf(row) })

/** Machines: opaque to the relay but for their versions and signs of life. Their ids are their account's own: the same id elsewhere is another machine. */
export function machineHandlers({ database, alive, changed }: MachinePorts): RelayHandlers<Names> {
  const { queries } = database
  return {
    // A daemon and its first command register at nearly the same time: the first one's words stay. The lane of the account puts them in order.
    async 'machines.create'({ write, holder }, { id, metadata, daemonState = null, dataEncryptionKey = null }) {
      const { accountId } = holder()
      const made = await write(async (tx) => {
        const known = await store.findMachine(tx.db, accountId, id)
        if (known) return { isNew: false, machine: store.machineOf(known) }
        const row: MachineRow = {
          account_id: accountId,
          id,
          metadata,
          metadata_version: 1,
          daemon_state: daemonState,
          daemon_state_version: daemonState === null ? 0 : 1,
          data_encryption_key: dataEncryptionKey,
          seq: 0,
          active: 0,
          active_at: tx.now,
          created_at: tx.now,
          updated_at: tx.now,
        }
        await store.insertMachine(tx.db, row)
        const machine = store.machineOf(row)
        const { id: machineId, ...body } = machine
        tx.emit({ t: 'new-machine', body: { machineId, ...body } })
        tx.emit({ t: 'update-machine', machineId, body: { machineId, metadata: { value: metadata, version: machine.metadataVersion } } })
        return { isNew: true, machine }
      })
      if (made.isNew) changed(accountId, id)
      return { machine: made.machine }
    },
    'machines.list': async ({ holder }) => (await store.listMachines(queries, holder().accountId, listLimit)).map(store.machineOf),
    async 'machines.get'({ holder }, { id }) {
      const row = await store.findMachine(queries, holder().accountId, id)
      if (!row) throw none()
      return { machine: store.machineOf(row) }
    },
    async 'machines.setMetadata'({ write, holder }, { id, metadata, expectedVersion }) {
      const { accountId } = holder()
      return write(async (tx) => {
        const row = await store.findMachine(tx.db, accountId, id)
        if (!row) throw none()
        if ((expectedVersion ?? row.metadata_version) !== row.metadata_version) return mismatch(row)
        const version = row.metadata_version + 1
        const machine = await change(tx, row, { metadata, metadata_version: version })
        tx.emit({ t: 'update-machine', machineId: id, body: { machineId: id, metadata: { value: metadata, version } } })
        return { success: true as const, machine }
      })
    },
    async 'machines.setState'({ write, holder }, { id, daemonState, expectedVersion }) {
      const { accountId } = holder()
      const { wasActive, ...answer } = await write(async (tx) => {
        const row = await store.findMachine(tx.db, accountId, id)
        if (!row) throw none()
        if ((expectedVersion ?? row.daemon_state_version) !== row.daemon_state_version) return { wasActive: true, ...mismatch(row) }
        const version = row.daemon_state_version + 1
        const machine = await change(tx, row, { daemon_state: daemonState, daemon_state_version: version, active: 1, active_at: tx.now })
        tx.emit({ t: 'update-machine', machineId: id, body: { machineId: id, daemonState: { value: daemonState, version } } })
        return { wasActive: row.active === 1, success: true as const, machine }
      })
      if (!wasActive) alive(accountId, id, answer.machine.activeAt)
      return answer
    },
    async 'machines.delete'({ write, holder }, { id }) {
      const { accountId } = holder()
      await write(async (tx) => {
        if (!(await store.findMachine(tx.db, accountId, id))) throw none()
        await store.removeMachine(tx.db, accountId, id)
        tx.emit({ t: 'delete-machine', machineId: id, body: { machineId: id } })
      })
      changed(accountId, id)
      return { success: true }
    },
  }
}
async function change(tx: AccountTx, row: MachineRow, changed: Partial<MachineRow>) {
  const whole = { ...changed, seq: row.seq + 1, updated_at: tx.now }
  await store.updateMachine(tx.db, row, whole)
  return store.machineOf({ ...row, ...whole })
}
