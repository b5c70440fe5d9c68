/** Words for files that go with messages. */
export const attachments = {
  label: 'Attached files',
  download: (name: string) => `Download ${name}`,
  downloads: 'Download',
} as const
