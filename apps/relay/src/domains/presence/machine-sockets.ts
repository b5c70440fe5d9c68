import type { Connection } from '../../connection.ts'
import type { Directory } from '../../platform/directory.ts'

export interface MachineSocketPorts {
  readonly node: string
  readonly directory: Directory
  connections(accountId: string): readonly Connection[]
  /** Tells the account's readers that a machine has come or gone. */
  tell(accountId: string, machineId: string, active: boolean): void
  report(error: unknown): void
}
/** Tells when a daemon connects, and when its last connection is gone: one that has come back meanwhile, here or on another node, is not gone. */
export function createMachineSockets({ node, directory, connections, tell, report }: MachineSocketPorts) {
  return (connection: Connection) => {
    const { machineId, id } = connection
    if (machineId === undefined) return
    const { accountId } = connection.holder
    const key = `machine:${accountId}:${machineId}`
    const holder = { node, socket: id }
    tell(accountId, machineId, true)
    const claimed = directory.claim(key, holder)
    const leave = async () => {
      await claimed
      await directory.release(key, holder)
      const isBack = connections(accountId).some((other) => other.machineId === machineId && other.id !== id)
      if (!isBack && (await directory.find(key)) === undefined) tell(accountId, machineId, false)
    }
    return () => void leave().catch(report)
  }
}
