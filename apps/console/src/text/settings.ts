/** Words of the settings. */
export const settings = {
  title: 'Settings',
  sections: {
    models: 'Models and keys',
    agents: 'Agents',
    permissions: 'Permissions',
    tokens: 'Devices and tokens',
    channels: 'Channels',
    hooks: 'Hooks',
    skills: 'Skills',
    secrets: 'Secrets',
    general: 'General',
    backups: 'Backups',
    appearance: 'Appearance',
    notifications: 'Notifications',
    about: 'About',
  },
  choose: 'Part of the settings',
  noSection: 'There is no such part of the settings',
  toFirst: 'Go to models and keys',
  deeds: (name: string) => `More for ${name}`,
  edit: 'Edit',
  remove: 'Remove',
  name: 'Name',
  state: 'State',
  never: 'never',
  lastUsed: 'Last used',
  created: 'Made',
} as const
/** Every setting. */
export const general = {
  about: 'Each is saved when you leave it, and can be undone.',
  search: 'Search settings',
  none: (query: string) => `No setting is like “${query}”.`,
  clear: 'Show all settings',
  groups: {
    server: 'Server',
    files: 'Files',
    workspace: 'Workspaces',
    models: 'Models',
    runs: 'Runs',
    tools: 'Tools',
    apps: 'Apps',
    skills: 'Skills',
    plans: 'Plans',
    executions: 'Executions',
    history: 'History',
    memory: 'Memory',
    storage: 'Storage',
    log: 'Log',
  } as Readonly<Record<string, string>>,
  saved: (key: string) => `${key} is saved`,
  reset: 'Reset',
  resetOf: (key: string) => `Reset ${key} to its default`,
  wasReset: (key: string) => `${key} is back at its default`,
  on: 'On',
  lines: 'One a line.',
  json: 'As JSON.',
  number: 'Enter a number.',
  whole: 'Enter a whole number.',
  notJson: 'This is not JSON.',
  empty: 'empty: none',
  sources: {
    default: 'default',
    file: (place: string) => `from the file ${place}`,
    stored: 'set here',
    environment: (place: string) => `given by the environment variable ${place}; change it there and start Steward again`,
    flag: (place: string) => `given by the flag ${place} of this start`,
  },
} as const
/** Secrets of apps. */
export const secrets = {
  about: 'Words that apps need and nobody should read, such as tokens. They are sealed and never shown again.',
  none: 'No secret yet',
  noneAbout: 'Apps and hooks name them as {{secrets.token}}. Set one here, or on the page of the app that needs it.',
  set: 'Set a secret',
  setDeed: 'Set',
  name: 'Name',
  nameHint: 'The app and the name: weather.key',
  value: 'Value',
  changed: 'Changed',
  kept: (name: string) => `${name} is kept`,
  replace: 'Replace',
  removeTitle: (name: string) => `Remove ${name}?`,
  removeWhy: 'A secret is shown to nobody, so that it cannot be brought back: to use it again you enter it again.',
  removed: (name: string) => `${name} was removed`,
} as const
/** Channels, of which there are none. */
export const channels = {
  about:
    'This version has no channels such as Telegram or Slack yet; a hook can tell an address or a command of yours when something happens, for example when an approval waits.',
  toHooks: 'Go to hooks',
} as const
/** Copies of all data. */
export const backups = {
  about: 'A backup is a whole and consistent copy of all data, made while Steward runs.',
  none: 'No backup yet',
  create: 'Make a backup',
  creating: 'Copying…',
  created: (name: string) => `The backup ${name} is made`,
  path: 'Folder',
  size: 'Size',
  files: 'Files',
  verify: 'Check',
  verifyOf: (name: string) => `Check ${name}`,
  verifying: 'Checking…',
  intact: (databases: number, files: number) => `Whole: ${databases} databases and ${files} files.`,
  broken: 'It is not whole',
  deleteOf: (name: string) => `Delete ${name}`,
  deleteTitle: (name: string) => `Delete the backup ${name}?`,
  deleteWhy: 'A deleted copy cannot be brought back.',
  deleted: (name: string) => `The backup ${name} was deleted`,
  restore: 'To restore one, stop Steward and run: steward backup restore PATH',
} as const
/** How the console looks. */
export const appearance = {
  about: 'Kept in this browser.',
  theme: 'Theme',
  themes: { system: 'As the device says', light: 'Light', dark: 'Dark' },
} as const
/** What this device is told of. */
export const notifications = {
  about:
    'When an approval or a question begins to wait and no window of Steward has the focus, your device shows it. Kept in this browser; a tab of Steward must be open.',
  on: 'This browser notifies you.',
  off: 'This browser does not notify you.',
  impossible:
    'This browser cannot notify from this address. It can where Steward is opened by https, or as localhost on the machine that it runs on.',
} as const
/** What runs here. */
export const about = {
  version: 'Version',
  protocol: 'Protocol',
  node: 'Node',
  running: 'Runs since',
  home: 'Data folder',
  url: 'Address',
  socket: 'Socket',
  noUrl: 'none',
  sandbox: 'Sandbox',
  sandboxNone: 'none: tools run without it',
  supervisor: 'Supervisor',
  supervisors: {
    present: 'present: starts it again after a crash',
    lost: 'lost: a crash would end it for good',
    none: 'none: in the foreground or under a service manager',
  },
  runs: 'Runs',
  runsFacts: (running: number, waiting: number, queued: number) => `${running} running, ${waiting} waiting, ${queued} queued`,
  executions: 'Executions',
  memory: 'Memory',
  databases: 'Databases',
  healthy: 'healthy',
  docs: 'Documentation of the interface',
  welcome: 'Show the welcome again',
} as const
