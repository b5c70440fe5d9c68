/** Words for starting a session. */
export const start = {
  section: 'Start a session',
  start: 'Start',
  starting: 'Starting…',
  where: 'Folder and budget',
  workspace: 'Workspace folder',
  workspaceHint: (folder: string) => `Where the agent reads and writes. Empty: ${folder}.`,
  usualFolder: 'the folder workspace in your home folder',
  budget: 'Budget of the session, USD',
  budgetHint: 'Empty: no cap.',
  badBudget: 'Give an amount in USD, such as 2.50, or leave it empty.',
  filesLost: 'This page was loaded anew before the files were uploaded. Choose them again.',
  filesFailed: 'Remove the file that was not uploaded, or upload it again, then start.',
} as const
