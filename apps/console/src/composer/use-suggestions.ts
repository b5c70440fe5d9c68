import { useList, useRead } from '../platform/operations.ts'
import { commandWords, composer as text } from '../text/composer.ts'
import { useSettled } from './use-settled.ts'
import { fitting, type Trigger } from './completion.ts'

/** One thing that can be chosen. `insert`: the text that takes the place of what was written; none: `name` is a command that is carried out. */
export interface Suggestion {
  readonly name: string
  readonly about?: string
  readonly insert?: string
}
export interface Suggestions {
  readonly items: readonly Suggestion[]
  /** Words in place of items, or below them. */
  readonly note?: string
}
export type CommandName = keyof typeof commandWords
const commands: readonly Suggestion[] = (Object.keys(commandWords) as CommandName[]).map((name) => ({ name: `/${name}`, about: commandWords[name] }))
/** Pauses between keys that are shorter than this ask nothing. */
const pauseMs = 80

/** What may be chosen for what is being written. Of several questions under way only the newest one's answer is shown. */
export function useSuggestions(sessionId: string | undefined, trigger: Trigger | null): Suggestions {
  const kind = trigger?.kind
  const query = trigger?.query ?? ''
  const skills = useList('skills.list', { status: 'valid', limit: 200 }, { enabled: kind === 'skill' || kind === 'command' })
  const asked = useSettled(query, pauseMs)
  const isFile = kind === 'file' && sessionId !== undefined
  const files = useRead('sessions.files', { id: sessionId ?? '', query: asked, limit: 12 }, { enabled: isFile })
  if (isFile) {
    const items = (files.data?.items ?? []).map(({ path }) => ({ name: path, insert: `@${path}` }))
    if (files.error) return { items: [], note: files.error.message }
    if (files.data === undefined) return { items, note: text.searching }
    if (!files.data.complete) return { items, note: text.tooManyFiles }
    return items.length === 0 ? { items, note: text.noFiles } : { items }
  }
  const ofSkills = fitting(skills.items, query, ({ name }) => name).map(({ name, description }) => ({
    name: `/skill:${name}`,
    about: description,
    insert: text.useSkill(name),
  }))
  if (kind === 'skill') return { items: ofSkills }
  if (kind !== 'command' || sessionId === undefined) return { items: kind === 'command' ? ofSkills : [] }
  return { items: [...fitting(commands, query, ({ name }) => name.slice(1)), ...ofSkills] }
}
