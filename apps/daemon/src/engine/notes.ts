/** What the engine says to the model in the person's role. It is never a request, so whoever plans requests must know it. */
export const lengthNote =
  'Your answer was cut because it reached the longest length of one message. Continue exactly where it stopped, without repeating anything.'
export const interruptedNote =
  'Your last message broke off before it was complete; the user has already seen it. Continue exactly where it stopped. Do not repeat anything of it and do not comment on the break.'
export const repetitionNote =
  'You have made the same call three times with the same result. Making it again will change nothing and ends the run. Take another way, or say what keeps you from going on.'
export const summaryHeading = 'Summary of the conversation so far (the messages it covers were removed to save room):'
export const outputHeading = 'Your answer does not fit the JSON Schema it must have:'

/** True for a text that the engine wrote. */
export const isEngineNote = (text: string): boolean =>
  [lengthNote, interruptedNote, repetitionNote, summaryHeading, outputHeading].some((note) => text.startsWith(note))
