import { sayUndo } from '../../../parts/toast.tsx'
import { call } from '../../../platform/daemon.ts'
import type { AnswerOf, InputOf } from '../../../platform/daemon.ts'
import { general } from '../../../text/settings.ts'

export type Setting = AnswerOf<'settings.get'>
/** How to bring back what counted before: the value that was stored, or none. */
const restore = async ({ key, value, source }: Setting): Promise<void> => {
  if (source === 'stored') await call('settings.set', { key, value })
  else await call('settings.reset', { key })
}
/** Stores a setting at once and offers to undo it. Throws Fault when it does not fit. */
export async function saveSetting(before: Setting, value: unknown): Promise<void> {
  await call('settings.set', { key: before.key, value: value as InputOf<'settings.set'>['value'] })
  sayUndo(general.saved(before.key), () => void restore(before))
}
/** Takes a setting back to what counts without it and offers to undo that. */
export async function resetSetting(before: Setting): Promise<void> {
  await call('settings.reset', { key: before.key })
  sayUndo(general.wasReset(before.key), () => void restore(before))
}
