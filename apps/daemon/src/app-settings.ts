import { createSettingsRoom } from './domains/settings/room.ts'
import { createConfigFile } from './platform/config-file.ts'
import type { Logger } from './platform/log/logger.ts'
import type { Store } from './platform/storage/store.ts'
import type { AppOptions } from './app-types.ts'

/** A part of the composition root: settings, from the database, the config file, the environment and the flags of the start. */
export function wireSettings(home: string, { db, log }: Pick<Store, 'db' | 'log'>, { env = process.env, flags }: Pick<AppOptions, 'env' | 'flags'>) {
  const file = createConfigFile(home)
  const room = createSettingsRoom(db, { env, ...(flags ? { flags } : {}), file: file.read() })
  return {
    ...room,
    /** Takes up changes of the config file; one that does not fit is told, and what counted before goes on to count. */
    watchFile: (logger: Logger): void =>
      file.watch(() => {
        try {
          const keys = room.takeFile(log.commit, file.read())
          if (keys.length > 0) logger.info({ keys }, 'The config file has changed and was taken up.')
        } catch (error) {
          logger.warn(`${(error as Error).message} Nothing of the file was taken up; what counted before goes on to count.`)
        }
      }),
    unwatchFile: file.unwatch,
  }
}
