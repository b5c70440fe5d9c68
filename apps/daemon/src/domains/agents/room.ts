import { Fault } from '@steward/contract'
import type { Agent } from '@steward/contract/daemon'
import { can, type Caller } from '@steward/kernel'
import type { RoomHandlers } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { decodePlace, encodePage, wrongCursor } from '../../platform/page.ts'
import type { Database } from '../../platform/storage/database.ts'
import { createAgentStore } from './store.ts'

const place = (cursor: string) => {
  const { isDefault, id } = decodePlace(cursor)
  if (typeof isDefault !== 'number' || typeof id !== 'string') throw wrongCursor()
  return { isDefault, id }
}
/** An agent that acts without asking is as good as a rule: who may not write one may not make such an agent. */
function checkMode(caller: Caller, mode: Agent['permissionMode'] | undefined): void {
  if ((mode === 'auto' || mode === 'accept-edits') && !can(caller, 'permissions:write'))
    throw new Fault('forbidden', `An agent of the permission mode ${mode} needs the scope permissions:write, which this credential does not hold.`)
}
/** Agents: named configurations. One of them is the default, always; sessions of a deleted agent go on with it. */
export function createAgentsRoom(db: Database) {
  const store = createAgentStore(db)
  const need = (id: string): Agent => {
    const agent = store.find(id)
    if (!agent) throw new Fault('not_found', `There is no agent ${id}.`)
    return agent
  }
  const handlers = {
    async 'agents.create'({ commit, caller }, fields) {
      checkMode(caller, fields.permissionMode)
      const at = new Date().toISOString()
      const agent: Agent = { id: newId('agt'), ...fields, runtime: 'native', isDefault: false, createdAt: at, updatedAt: at }
      return commit((emit) => {
        store.insert(agent)
        emit('agent.created', { agent })
        return agent
      })
    },
    async 'agents.get'(_context, { id }) {
      return need(id)
    },
    async 'agents.list'(_context, { limit, cursor }) {
      const rows = store.list(limit + 1, cursor === undefined ? undefined : place(cursor))
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return { items, nextCursor: rows.length > limit && last ? encodePage({ isDefault: Number(last.isDefault), id: last.id }) : null }
    },
    async 'agents.update'({ commit, caller }, { id, ...patch }) {
      checkMode(caller, patch.permissionMode)
      return commit((emit) => {
        const before = need(id)
        const changes = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Partial<Agent>
        const agent: Agent = { ...before, ...changes, updatedAt: new Date().toISOString() }
        const former = patch.isDefault && !before.isDefault ? store.findDefault() : undefined
        if (former) {
          const retired = { ...former, isDefault: false, updatedAt: agent.updatedAt }
          store.update(retired)
          emit('agent.updated', { agent: retired })
        }
        store.update(agent)
        emit('agent.updated', { agent })
        return agent
      })
    },
    async 'agents.delete'({ commit }, { id }) {
      return commit((emit) => {
        if (need(id).isDefault) throw new Fault('conflict', `${id} is the default agent; make another the default first, then delete it.`)
        store.remove(id)
        emit('agent.deleted', { agentId: id })
        return null
      })
    },
  } satisfies RoomHandlers
  const theDefault = (): Agent => {
    const agent = store.findDefault()
    if (!agent) throw new Fault('unavailable', 'There is no default agent: agents.db was changed by another program. Restore a backup.')
    return agent
  }
  return {
    handlers,
    find: store.find,
    findDefault: theDefault,
    /** The agent of a session; the default one where it is not there any more. */
    resolve: (id: string | null): Agent => (id === null ? undefined : store.find(id)) ?? theDefault(),
  }
}
