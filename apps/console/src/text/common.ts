/** Words that many places share. */
export const common = {
  close: 'Close',
  undo: 'Undo',
  retry: 'Try again',
  loading: 'Loading…',
  save: 'Save',
  cancel: 'Cancel',
  delete: 'Delete',
  more: 'Show more',
  copy: 'Copy',
  copied: 'Copied',
  search: 'Search',
  notices: 'Notices',
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
