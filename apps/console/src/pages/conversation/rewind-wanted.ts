import type { Message } from '@steward/contract/daemon'

/** What is to be rewound, and whether its words are to be written anew. */
export interface Wanted {
  readonly message: Message
  readonly edits: boolean
}
/** Gets the words of a message that is to be written anew. */
export type OnEdit = (message: Message) => void
