import { Mark, type Tone } from '../../parts/mark.tsx'
import type { ItemOf } from '../../platform/operations.ts'
import { tools as words } from '../../text/tools.ts'

export type App = ItemOf<'apps.list'>
const tones = { ready: 'good', starting: 'busy', failed: 'bad', needs_authorization: 'warn', disabled: 'none' } as const satisfies Record<
  App['status'],
  Tone
>

/** What is wrong with an app, in a sentence; null where nothing is. */
export function messageOf({ source, message, secrets }: App): string | null {
  const missing = secrets.filter(({ isSet }) => !isSet).map(({ name }) => name)
  return source === 'manifest' && missing.length > 0 ? words.needs(missing) : message
}
/** How an app does. */
export const AppState = ({ app: { status } }: { readonly app: App }) => <Mark tone={tones[status]}>{words.states[status]}</Mark>
