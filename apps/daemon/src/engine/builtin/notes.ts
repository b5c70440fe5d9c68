/** How the engine's own messages in the person's role begin: what a run adds for the model is never a request. */
const OPENINGS = [
  'Summary of the conversation so far (the messages it covers',
  'Your answer was cut because it reached the longest length',
  'Your answer does not fit the JSON Schema it must have:',
  'Your last message broke off before it was complete;',
  'You have made the same call three times with the same result.',
]
/** True for a text that the engine wrote. */
export const isEngineNote = (text: string): boolean => OPENINGS.some((opening) => text.startsWith(opening))
