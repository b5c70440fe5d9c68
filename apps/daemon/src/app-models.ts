import { homedir } from 'node:os'
import type { Settings, SettingKey } from '@steward/contract/daemon'
import { verdictOf } from './domains/auth/choose.ts'
import { createStandings } from './domains/auth/standings.ts'
import { createAuthStore } from './domains/auth/store.ts'
import { createVault, sealedAs } from './domains/auth/vault.ts'
import { presets } from './domains/models/presets.ts'
import { checkAddress, type Effective, type Environment } from './domains/models/providers.ts'
import { createModelsRoom } from './domains/models/room.ts'
import { lazyRoom } from './lazy-room.ts'
import { probeProvider } from './platform/model-probe.ts'
import type { RotationReports } from './platform/models/rotating-model.ts'
import { knownModels, modelFacts } from './platform/models/prices.ts'
import type { SecretBox } from './platform/secrets/box.ts'
import type { Store } from './platform/storage/store.ts'

export interface ModelParts {
  readonly settings: Store
  readonly box: SecretBox
  readonly env: Environment
  setting<K extends SettingKey>(key: K): Settings[K]
  redact<T>(value: T): T
  report(error: unknown): void
  /** What is taken out of whatever leaves: every credential is among it as soon as it is stored. */
  readonly words: { add(source: () => readonly string[]): void; refresh(): void }
}
/** A part of the composition root: providers and their models, their credentials, and the rotation of those. */
export function wireModels({ settings, box, env, setting, words, redact, report }: ModelParts) {
  const now = Date.now
  const store = createAuthStore(settings.db)
  const places = { env, userHome: env['HOME'] ?? homedir() }
  const standings = createStandings({ store, commit: settings.log.commit, digest: box.digest, now, redact, report })
  const vault = createVault({ store, box, standings, places, now, learned: words.refresh })
  const models = createModelsRoom(settings.db, {
    box,
    env,
    table: { known: knownModels, facts: modelFacts },
    wanted: () => setting('models.default'),
    probe: probeProvider,
    rotation: vault,
  })
  words.add(() => [...models.secrets(), ...vault.values()])
  const known = ({ shown: { id, kind, baseUrl }, home, own }: Effective) => ({
    id,
    kind,
    baseUrl,
    origin: models.providers.originOf(baseUrl),
    home,
    own,
  })
  const auth = lazyRoom(['auth'], async () => {
    const { createAuthRoom } = await import('./domains/auth/room.ts')
    return createAuthRoom({
      store,
      vault,
      standings,
      places,
      providers: {
        all: () => models.providers.all().map(known),
        find(id) {
          const found = models.providers.find(id)
          return found && known(found)
        },
        setKey: models.setKey,
        checkAddress: (baseUrl) => checkAddress(baseUrl, true),
        variables: presets.flatMap(({ id, keyVariables }) => keyVariables.map((variable) => ({ provider: id, variable }))),
      },
      seal: (id, key) => box.seal(sealedAs(id), key),
      probe: probeProvider,
      learned: words.refresh,
      now,
    })
  })
  const reports: RotationReports = {
    used: standings.used,
    worked: standings.worked,
    failed(credential, error) {
      const verdict = verdictOf(error)
      standings.judge(credential, verdict)
      return verdict.kind !== 'blameless'
    },
  }
  return {
    resolve: models.resolve,
    defaultModel: models.defaultModel,
    handlers: { ...models.handlers, ...auth.handlers },
    reports,
    /** Writes what was still to be written of how credentials do. */
    close: standings.close,
  }
}
