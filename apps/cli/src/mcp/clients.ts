import path from 'node:path'

/** How Steward is started by a host. */
export interface Launch {
  readonly command: string
  readonly args: readonly string[]
}
/** A file of a host that lists MCP servers. */
export interface ConfigFile {
  /** The host as people call it. */
  readonly host: string
  readonly path: string
  readonly form: 'json' | 'jsonc' | 'toml'
  /** The table of servers in it. */
  readonly table: string
  /** What stands there besides the command and its arguments. */
  readonly more?: Readonly<Record<string, string>>
}
/** Where people's things lie. */
export interface Surroundings {
  readonly home: string
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
}
/** The folder in which programs with windows keep their settings. */
function settingsFolder({ home, platform, env }: Surroundings): string {
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support')
  if (platform === 'win32') return env['APPDATA'] ?? path.join(home, 'AppData', 'Roaming')
  return env['XDG_CONFIG_HOME'] ?? path.join(home, '.config')
}
/** The hosts that `steward mcp install` knows, and their files. Of several the ones that are there are written; where none is, the first. */
export const mcpClients = {
  claude: (at: Surroundings): readonly ConfigFile[] => [
    { host: 'Claude Code', path: path.join(at.home, '.claude.json'), form: 'json', table: 'mcpServers', more: { type: 'stdio' } },
    { host: 'Claude Desktop', path: path.join(settingsFolder(at), 'Claude', 'claude_desktop_config.json'), form: 'json', table: 'mcpServers' },
  ],
  codex: ({ home, env }: Surroundings): readonly ConfigFile[] => [
    { host: 'Codex', path: path.join(env['CODEX_HOME'] ?? path.join(home, '.codex'), 'config.toml'), form: 'toml', table: 'mcp_servers' },
  ],
  cursor: ({ home }: Surroundings): readonly ConfigFile[] => [
    { host: 'Cursor', path: path.join(home, '.cursor', 'mcp.json'), form: 'jsonc', table: 'mcpServers' },
  ],
  vscode: (at: Surroundings): readonly ConfigFile[] => [
    { host: 'VS Code', path: path.join(settingsFolder(at), 'Code', 'User', 'mcp.json'), form: 'jsonc', table: 'servers', more: { type: 'stdio' } },
  ],
}
