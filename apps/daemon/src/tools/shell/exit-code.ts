/** Programs whose exit code 1 says "nothing found" or "there are differences". */
const answersWithOne = /^(?:(?:[\w./-]*\/)?(?:[efz]?grep|rg|ag|ack|diff|cmp)|git\s+(?:grep|diff))(?:\s|$)/

/** The last simple command of a shell line, without what stands in quotes. Only good for wording a result, never for a permission. */
const lastCommand = (command: string): string => {
  const plain = command.replace(/'[^']*'|"(?:\\[^]|[^"\\])*"|\\[^]/g, '_')
  const parts = plain.split(/&&|\|\||[;|\n]/).map((part) => part.replace(/^[\s({!]+(?=\S)/, '').trim())
  return (parts.findLast((part) => part !== '') ?? '').replace(/^(?:\w+=\S*\s+)+/, '')
}

/** Whether the code tells of a failure. Code 1 of a search or a comparison does not: it is their answer. */
export const isFailure = (command: string, exitCode: number | null): boolean =>
  exitCode !== 0 && !(exitCode === 1 && answersWithOne.test(lastCommand(command)))
