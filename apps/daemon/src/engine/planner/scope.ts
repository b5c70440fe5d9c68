import { tokenise } from '../builtin/slots.ts'
import type { PlanningRequest, PlanningTool } from './types.ts'

/** Which tools a request may use, or what is said when there are none. */
export interface Scope {
  /** The whole list (the same array) where nothing restricts the request. */
  readonly tools: readonly PlanningTool[]
  /** Apps it is restricted to, in lower case; empty: all. */
  readonly apps: readonly string[]
  readonly clarification?: string
}
const SHOWN = 20

/** Keeps a request within its `appId` and the `@app` tags of its text. Tags in quotes and in the context are none. */
export function scopeOf({ text, appId, tools }: Pick<PlanningRequest, 'text' | 'appId' | 'tools'>): Scope {
  const tagged = tokenise(text).flatMap((token) => (token.slot?.kind === 'tag' ? [token.slot.value] : []))
  const named = [...(appId === undefined ? [] : [appId]), ...tagged]
  if (named.length === 0) return { tools, apps: [] }
  const known = new Set(tools.map((tool) => tool.appId.toLowerCase()))
  const strange = named.find((app) => !known.has(app.toLowerCase()))
  if (strange !== undefined) return { tools: [], apps: [], clarification: `There is no app ${strange} here that may be used. ${choice(tools)}` }
  const outside = appId === undefined ? undefined : tagged.find((app) => app.toLowerCase() !== appId.toLowerCase())
  if (outside !== undefined)
    return { tools: [], apps: [], clarification: `This request is kept to the app ${appId} and names @${outside}. Which of the two should I use?` }
  const apps = [...new Set(named.map((app) => app.toLowerCase()))]
  return { tools: tools.filter((tool) => apps.includes(tool.appId.toLowerCase())), apps }
}
function choice(tools: readonly PlanningTool[]): string {
  const apps = [...new Set(tools.map((tool) => tool.appId))].toSorted()
  if (apps.length === 0) return 'There are no apps at all: which one should be installed first?'
  const rest = apps.length - SHOWN
  return `Which of these should I use: ${apps.slice(0, SHOWN).join(', ')}${rest > 0 ? ` or one of ${rest} more` : ''}?`
}
