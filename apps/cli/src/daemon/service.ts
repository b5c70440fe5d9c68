/** What a service manager must know to run Steward. All paths are whole. */
export interface ServiceFacts {
  /** The program with its first words: Node and the command's file. */
  readonly program: readonly string[]
  /** The words after it: `daemon start --foreground …`. */
  readonly words: readonly string[]
  /** Where tools are looked for; a service manager's own is short. */
  readonly path: string
  readonly log: string
}
export const launchdLabel = 'dev.steward.daemon'
export const unitName = 'steward.service'
/** The exit code of a start that finds another Steward: a second try would find it, too. */
const conflictCode = 6

/** A word of a line in a unit file: quoted, with what systemd would replace kept as it is (systemd.syntax(7), systemd.service(5), systemd.unit(5)). */
const unitWord = (word: string, inCommand: boolean): string => {
  const escaped = word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('\n', '\\n')
  return `"${inCommand ? escaped.replaceAll('$', '$$$$') : escaped}"`
}
/** A unit for systemd's user manager. No supervisor of Steward's own runs under it. */
export function systemdUnit({ program, words, path }: ServiceFacts): string {
  return `[Unit]
Description=Steward, a backend for AI agents
StartLimitIntervalSec=60
StartLimitBurst=5

[Service]
Type=exec
ExecStart=${[...program, ...words].map((word) => unitWord(word, true)).join(' ')}
Environment=${unitWord(`PATH=${path}`, false)}
Restart=on-failure
RestartSec=1
RestartPreventExitStatus=${conflictCode}
KillMode=mixed
TimeoutStopSec=15

[Install]
WantedBy=default.target
`
}
const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const strings = (words: readonly string[]) => words.map((word) => `    <string>${xml(word)}</string>`).join('\n')

/** A property list for launchd's agents of a user. No supervisor of Steward's own runs under it. */
export function launchdPlist({ program, words, path, log }: ServiceFacts): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${launchdLabel}</string>
  <key>ProgramArguments</key>
  <array>
${strings([...program, ...words])}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
    <key>PATH</key>
    <string>${xml(path)}</string>
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ExitTimeOut</key>
  <integer>15</integer>
  <key>StandardOutPath</key>
  <string>${xml(log)}</string>
  <key>StandardErrorPath</key>
  <string>${xml(log)}</string>
</dict>
</plist>
`
}
