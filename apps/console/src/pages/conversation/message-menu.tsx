import { Ellipsis } from 'lucide-react'
import { IconButton } from '../../parts/button.tsx'
import { Menu } from '../../parts/menu.tsx'
import { conversation as words } from '../../text/conversation.ts'

/** Something that can be done with a message. */
export interface MessageAction {
  readonly label: string
  /** The letter that does it while the message has the focus. */
  readonly keys: string
  readonly isPossible: boolean
  run(): void
}
/** What can be done with a message. */
export const MessageMenu = ({ actions }: { readonly actions: readonly MessageAction[] }) => (
  <Menu
    trigger={
      <IconButton label={words.actions} size="sm" className="text-muted!">
        <Ellipsis aria-hidden size={14} />
      </IconButton>
    }
    items={actions.filter(({ isPossible }) => isPossible).map(({ label, keys, run }) => ({ label, keys: keys.toUpperCase(), onSelect: run }))}
  />
)
