import { homedir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Agent, Settings, SettingKey } from '@steward/contract/daemon'
import { createSkillStore } from './domains/skills/store.ts'
import { lazyRoom } from './lazy-room.ts'
import { expandHome } from './platform/files/workspace.ts'
import type { Store } from './platform/storage/store.ts'
import { createSkillLoad } from './tools/skills/load.ts'

/** What a start does not need is read so much later. */
const settleAfterMs = 1_000
/** A run waits so long for the skills, which may lie on a disk that does not answer. */
const readyMs = 5_000
export interface SkillParts {
  readonly home: string
  readonly userHome?: string
  readonly agents: Store
  /** The agent that works in a session. */
  agentIn(sessionId: string): Agent
  setting<K extends SettingKey>(key: K): Settings[K]
  report(error: unknown, about?: object): void
}
/** A part of the composition root: the user's skills, and the tool by which agents load them. */
export function wireSkills({ home, userHome = homedir(), agents, agentIn, setting, report }: SkillParts) {
  const store = createSkillStore(agents.db)
  let room: Awaited<ReturnType<typeof lazy.load>> | undefined
  const lazy = lazyRoom(['skills'], async () => {
    const { createSkillsRoom } = await import('./domains/skills/room.ts')
    const root = path.resolve(userHome, expandHome(setting('skillsPath'), userHome) || path.join('steward', 'skills'))
    return createSkillsRoom({ root, home, log: agents.log, store, report })
  })
  const load = async () => (room ??= await lazy.load())
  const looked = () =>
    load()
      .then((loaded) => loaded.ready())
      .catch(report)
  let settling: NodeJS.Timeout | undefined
  return {
    handlers: lazy.handlers,
    tool: createSkillLoad({
      hasSome: () => room?.hasSome() === true,
      deskOf: async (sessionId) => (await load()).desk(agentIn(sessionId).skills),
    }),
    /** For runs, which go on without skills where these cannot be had: resolves when they are known; then what an agent is told of them can be had at once. */
    offers: {
      ready: (): Promise<void> => Promise.race([looked(), sleep(readyMs, undefined, { ref: false })]),
      words: ({ skills }: Agent): string => room?.offer(skills) ?? '',
    },
    /** Takes up what a crash has left at once; looks at the skills, and watches them, when the daemon answers. */
    begin(): void {
      const start = () =>
        void load()
          .then((loaded) => loaded.start())
          .catch(report)
      settling = setTimeout(start, store.moves().length > 0 ? 0 : settleAfterMs)
      settling.unref()
    },
    async close(): Promise<void> {
      clearTimeout(settling)
      await (await lazy.loaded()?.catch(() => undefined))?.close()
    },
  }
}
