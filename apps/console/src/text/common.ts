/** Words that many places share. */
export const common = {
  close: 'Close',
  undo: 'Undo',
  notices: 'Notices',
  retry: 'Try again',
  loading: 'Loading…',
  save: 'Save',
  cancel: 'Cancel',
  delete: 'Delete',
  more: 'Show more',
  copy: 'Copy',
  copied: 'Copied',
  search: 'Search',
} as const
export const states = {
  idle: 'idle',
  queued: 'queued',
  running: 'running',
  waiting: 'waits for you',
  completed: 'completed',
  failed: 'failed',
  denied: 'denied',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
} as const
/** What a field looks like when it is filled in. */
export const examples = {
  permission: 'files:read',
  address: 'https://',
  field: 'data.toolId',
  secret: 'app.name',
} as const
