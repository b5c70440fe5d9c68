/** Words of what finds everything. */
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
