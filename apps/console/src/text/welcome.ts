/** Words of the first visit. */
export const welcome = {
  title: 'Welcome to Steward',
  about:
    'Steward runs agents, plans and tasks on your own machine. Without any key its built-in planner already understands plain requests that name a tool: it lists, reads and searches files, runs workflows and tasks. It is not a language model: it does not write, converse or reason, and for that you give Steward a model below.',
  found: 'Keys on this host',
  servers: 'Model servers on this host',
  servesAbout: 'They need no key, and nothing leaves this host.',
  enter: 'Enter a key',
  without: 'Go on without a key',
  ready: (name: string) => `${name} is ready.`,
  tryTitle: 'Try it',
  tryAbout: 'This works with what there is. It only reads.',
  request: 'Request',
  example: 'list the files here',
  send: 'Ask',
  sending: 'Asking…',
  back: 'Choose a model',
} as const
