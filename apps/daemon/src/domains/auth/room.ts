import { Fault } from '@steward/contract'
import type { RoomHandlers } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { pageByKey } from '../../platform/page.ts'
import type { Emit } from '../../platform/storage/event-log.ts'
import { verdictOfProbe } from './choose.ts'
import { adoptedId, discover } from './discover.ts'
import type { AuthPorts } from './ports.ts'
import { createProfiles, type Profile } from './profiles.ts'
import type { ProfileRecord } from './store.ts'
import { standardPriority } from './vault.ts'

/** Credentials of providers: several for each, how they do, those that other tools keep. */
export function createAuthRoom(ports: AuthPorts) {
  const { store, standings, providers, now } = ports
  const profiles = createProfiles(ports)
  const provider = (id: string) => {
    const known = providers.find(id)
    if (!known) throw new Fault('not_found', `There is no provider ${id}; set it up with \`steward providers set ${id}\` first.`)
    return known
  }
  const tell = (emit: Emit, { id, provider: of, health, coolingUntil }: ReturnType<typeof profiles.show>, removed = false) =>
    emit('auth.changed', { id, provider: of, health, coolingUntil, removed })
  const setOwnKey = (emit: Emit, of: string, key: string | null) => {
    providers.setKey(of, key)
    emit('provider.changed', { id: of, removed: false })
  }
  /** Shows a profile as it now is, and tells of it. */
  const changed = (emit: Emit, id: string) => {
    ports.learned()
    const shown = profiles.show(profiles.need(id))
    tell(emit, shown)
    return shown
  }
  const writable = (id: string): Profile => {
    const profile = profiles.need(id)
    const { source, where } = profile.credential ?? {}
    if (source === 'environment')
      throw new Fault('conflict', `This key is that of the variable ${where ?? ''}; change or unset it there and start the daemon again.`)
    return profile
  }
  const freeName = (of: string, wanted: string | undefined, mine?: string): string => {
    const taken = new Set(
      profiles
        .all(of)
        .filter(({ id }) => id !== mine)
        .map((one) => profiles.show(one).name),
    )
    if (wanted !== undefined && taken.has(wanted)) throw new Fault('conflict', `${of} has a credential ${wanted} already; choose another name.`)
    for (let n = 1; ; n++) {
      const name = wanted ?? `key ${n}`
      if (!taken.has(name)) return name
    }
  }
  const rowOf = ({ id, provider: of, row }: Profile): ProfileRecord => {
    const at = new Date(now()).toISOString()
    return (
      row ?? {
        id,
        provider: of,
        name: 'default',
        source: 'provider',
        sealed: null,
        reference: null,
        origin: null,
        enabled: true,
        priority: standardPriority.settings,
        expiresAt: null,
        createdAt: at,
        updatedAt: at,
      }
    )
  }
  const handlers = {
    async 'auth.list'(_context, { limit, cursor, provider: of }) {
      const sorted = profiles
        .all(of)
        .map((profile) => ({ profile, at: profiles.placeOf(profile) }))
        .toSorted((one, other) => (one.at < other.at ? -1 : 1))
      const page = pageByKey(sorted, ({ at }) => at, { limit, cursor })
      return { ...page, items: page.items.map(({ profile }) => profiles.show(profile)) }
    },
    async 'auth.get'(_context, { id }) {
      return profiles.show(profiles.need(id))
    },
    async 'auth.add'({ commit }, { provider: of, key, name, priority, enabled, expiresAt }) {
      const { baseUrl, origin } = provider(of)
      providers.checkAddress(baseUrl)
      return commit((emit) => {
        if (profiles.all(of).some(({ credential }) => credential?.key === key))
          throw new Fault('conflict', `${of} has this very key already; \`steward auth list --provider ${of}\` shows it.`)
        const at = new Date(now()).toISOString()
        const id = newId('auth')
        store.put({
          id,
          provider: of,
          name: freeName(of, name),
          source: 'settings',
          sealed: ports.seal(id, key),
          reference: null,
          origin,
          enabled: enabled ?? true,
          priority: priority ?? standardPriority.settings,
          expiresAt: expiresAt ?? null,
          createdAt: at,
          updatedAt: at,
        })
        return changed(emit, id)
      })
    },
    async 'auth.update'({ commit }, { id, key, name, priority, enabled, expiresAt }) {
      return commit((emit) => {
        const profile = writable(id)
        const row = rowOf(profile)
        if (key !== undefined && row.source === 'file')
          throw new Fault('conflict', `This key is read from the file of ${row.reference?.tool ?? 'another tool'}; change it there.`)
        if (key !== undefined && row.source === 'provider') setOwnKey(emit, profile.provider, key)
        // A new key is given for the present address, as if it were added now.
        const moved = key !== undefined && row.source === 'settings' ? provider(profile.provider) : undefined
        if (moved) providers.checkAddress(moved.baseUrl)
        store.put({
          ...row,
          origin: moved ? moved.origin : row.origin,
          name: name === undefined ? row.name : freeName(profile.provider, name, id),
          sealed: key !== undefined && row.source === 'settings' ? ports.seal(id, key) : row.sealed,
          enabled: enabled ?? row.enabled,
          priority: priority ?? row.priority,
          expiresAt: expiresAt === undefined ? row.expiresAt : expiresAt,
          updatedAt: new Date(now()).toISOString(),
        })
        return changed(emit, id)
      })
    },
    async 'auth.remove'({ commit }, { id }) {
      return commit((emit) => {
        const profile = writable(id)
        const shown = profiles.show(profile)
        if (profile.row === undefined || profile.row.source === 'provider') setOwnKey(emit, profile.provider, null)
        store.remove(id)
        standings.forget(id)
        tell(emit, shown, true)
        return null
      })
    },
    async 'auth.test'({ commit, signal }, { id }) {
      const { credential, row, provider: of } = profiles.need(id)
      const known = providers.find(of)
      const { why } = profiles.show({ id, credential, row, provider: of })
      const misplaced = row && row.source !== 'provider' && row.origin !== known?.origin
      if (!credential || !known || misplaced)
        return {
          works: false,
          status: null,
          message: why ?? 'This credential cannot be used.',
          latencyMs: 0,
          profile: profiles.show({ id, credential, row, provider: of }),
        }
      providers.checkAddress(known.baseUrl)
      const { works, status, message, latencyMs } = await ports.probe({ kind: known.kind, baseUrl: known.baseUrl, key: credential.key }, signal)
      standings.judge(credential, verdictOfProbe({ works, status, message }))
      return commit((emit) => {
        standings.write(emit)
        return { works, status, message, latencyMs, profile: profiles.show(profiles.need(id)) }
      })
    },
    async 'auth.discover'() {
      return { items: discover(ports).map(({ shown }) => shown), nextCursor: null }
    },
    async 'auth.adopt'({ commit }, { id: foundId, name, priority }) {
      const found = discover(ports).find(({ shown }) => shown.id === foundId)
      if (!found) throw new Fault('not_found', `Nothing is found under ${foundId} any more; look again with \`steward auth discover\`.`)
      const { usable, why, provider: of, profileId, tool } = found.shown
      if (profileId !== null) throw new Fault('conflict', `This key is in use already, as ${profileId}.`)
      const home = of === null ? undefined : providers.find(of)?.home
      if (!usable || !found.reference || of === null || home === undefined) throw new Fault('unprocessable', why ?? 'This credential cannot be used.')
      const id = adoptedId(of, found.reference)
      const { reference } = found
      return commit((emit) => {
        const at = new Date(now()).toISOString()
        store.put({
          id,
          provider: of,
          name: freeName(of, name ?? tool),
          source: 'file',
          sealed: null,
          reference,
          origin: home,
          enabled: true,
          priority: priority ?? standardPriority.file,
          expiresAt: null,
          createdAt: at,
          updatedAt: at,
        })
        return changed(emit, id)
      })
    },
  } satisfies RoomHandlers
  return { handlers }
}
