import { spawn } from 'node:child_process'

/**
 * Opens an address in the user's browser: the first of `$BROWSER` (commands apart by colons, `%s` stands for the address), else what the system
 * takes. Best effort: a machine without a browser is no fault, the address is printed.
 */
export function openBrowser(address: string): void {
  const [command, words] = chosen(address) ?? systems[process.platform]?.(address) ?? ['xdg-open', [address]]
  const child = spawn(command, words, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
type Command = readonly [command: string, words: readonly string[]]
const systems: Partial<Record<NodeJS.Platform, (address: string) => Command>> = {
  darwin: (address) => ['open', [address]],
  win32: (address) => ['cmd', ['/c', 'start', '""', address.replaceAll('&', '^&')]],
}
function chosen(address: string): Command | undefined {
  const [first = ''] = (process.env['BROWSER'] ?? '').split(':')
  const [command, ...words] = first.split(' ').filter((word) => word !== '')
  if (command === undefined) return undefined
  return [command, words.includes('%s') ? words.map((word) => (word === '%s' ? address : word)) : [...words, address]]
}
