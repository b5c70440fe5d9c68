export interface ProfileRequest {
  /** Resolved through symlinks, as the kernel compares real paths. */
  readonly writable: readonly string[]
  readonly home: string
  readonly network: boolean
}

const quoted = (path: string): string => `"${path.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`)}"`

/**
 * The macOS sandbox profile (SBPL, `sandbox-exec -p`) for a request: reads everywhere but in STEWARD_HOME, writes only to the writable folders and
 * the usual devices, network by choice. The last matching rule wins, so STEWARD_HOME comes last. Pure.
 */
export function sandboxProfile({ writable, home, network }: ProfileRequest): string {
  const devices = ['/dev/null', '/dev/zero', '/dev/tty', '/dev/stdout', '/dev/stderr', '/dev/dtracehelper'].map(
    (device) => `(literal ${quoted(device)})`,
  )
  return [
    '(version 1)',
    '(allow default)',
    '(deny file-write*)',
    `(allow file-write* ${[...writable.map((folder) => `(subpath ${quoted(folder)})`), ...devices].join(' ')})`,
    ...(network ? [] : ['(deny network*)']),
    `(deny file-read* file-write* network-outbound (subpath ${quoted(home)}))`,
    // Renaming a folder above it would take STEWARD_HOME out of the rule.
    ...ancestors(home).map((folder) => `(deny file-write-unlink (literal ${quoted(folder)}))`),
    '',
  ].join('\n')
}

function ancestors(path: string): string[] {
  const names = path.split('/').filter(Boolean).slice(0, -1)
  return names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`)
}
