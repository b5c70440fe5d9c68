/** Words of what finds everything, and of the map of keys. */
export const palette = {
  title: 'Find',
  label: 'Find pages, sessions, tools and commands',
  placeholder: 'Find or do…',
  results: 'Results',
  nothing: (query: string) => `Nothing is found for “${query}”. Try a part of a title, a word of a message or the name of a tool.`,
  kinds: {
    recent: 'Used last',
    commands: 'Commands',
    pages: 'Pages',
    sessions: 'Sessions',
    messages: 'In messages',
    tools: 'Tools',
    workflows: 'Workflows',
    tasks: 'Tasks',
    memories: 'Memories',
    settings: 'Settings',
  },
  commands: {
    new: 'New session',
    light: 'Theme: light',
    dark: 'Theme: dark',
    system: 'Theme: as the device',
    copy: 'Copy the link to this page',
    keys: 'Keyboard shortcuts',
  },
  audit: 'Audit',
  /** Other words for the same. */
  aliases: {
    '/inbox': 'approvals questions waiting',
    '/history': 'executions',
    '/audit': 'who did what chain verify',
    '/usage': 'cost tokens budget',
    '/settings': 'models keys agents devices permissions channels notifications',
  } as Readonly<Record<string, string>>,
  linkCopied: 'The link is copied.',
  moves: '↑ ↓ to move, ⏎ to open, Esc to close',
} as const
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
