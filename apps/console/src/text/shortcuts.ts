/** The map of keys: where they work, and what each does. */
export const shortcuts = {
  title: 'Keyboard shortcuts',
  parts: {
    everywhere: 'Everywhere',
    pages: 'Pages',
    lists: 'In lists',
    inbox: 'In the inbox and on a card that waits',
    conversation: 'In a conversation',
  },
  everywhere: [
    [['mod+K'], 'Find pages, sessions, messages, tools, settings and commands'],
    [['C', 'mod+N'], 'New session'],
    [['?'], 'This map'],
    [['Esc'], 'Close what is open'],
  ],
  lists: [
    [['J', '↓'], 'Next'],
    [['K', '↑'], 'Previous'],
    [['⏎'], 'Open'],
    [['R'], 'Rename a session'],
    [['E'], 'Archive a session, or bring it back'],
  ],
  inbox: [
    [['A'], 'Allow'],
    [['D'], 'Deny, with a reason'],
    [['1', '…', '9'], 'Choose an answer'],
    [['⏎'], 'Open where it comes from'],
  ],
  conversation: [
    [['mod+⏎'], 'Send'],
    [['Esc'], 'Stop'],
  ],
} as const satisfies Record<string, unknown>
