import path from 'node:path'
import { parseEnv } from 'node:util'
import { readPrivateFile } from '../../platform/files/private-file.ts'

export interface Places {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly userHome: string
}
/** One credential in a tool's file. `login`: of a subscription, meant for that tool alone. `entry` says where in the file. */
export interface Entry {
  readonly entry: string
  readonly provider: string
  readonly kind: 'api-key' | 'login'
  readonly key: string
}
interface ToolFile {
  readonly tool: string
  /** What the tool is called, in sentences. */
  readonly title: string
  file(places: Places): string
  /** Throws for a text that is not what the tool writes. */
  read(text: string): Entry[]
}
type Tree = Readonly<Record<string, unknown>>
const mostEntries = 50
const tree = (value: unknown): Tree => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {})
const json = (text: string): Tree => {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('not an object')
  return value as Tree
}
const isKey = (value: unknown): value is string => typeof value === 'string' && /^[\x21-\x7e]{8,10000}$/.test(value)
const entry = (name: string, provider: string, kind: Entry['kind'], key: unknown): Entry[] =>
  isKey(key) ? [{ entry: name, provider, kind: isLogin(key) ? 'login' : kind, key }] : []
/** What Claude's login gives out has this beginning, wherever it is kept. */
const isLogin = (key: string): boolean => key.startsWith('sk-ant-oat')
const under = (home: string | undefined, ...otherwise: string[]) => (home !== undefined && path.isAbsolute(home) ? home : path.join(...otherwise))

/** The files of other agent tools whose form is known: where they lie, and what is in them. */
const toolFiles: readonly ToolFile[] = [
  {
    tool: 'claude-code',
    title: 'Claude Code',
    file: ({ env, userHome }) => path.join(under(env['CLAUDE_CONFIG_DIR'], userHome, '.claude'), '.credentials.json'),
    read: (text) => entry('claudeAiOauth', 'anthropic', 'login', tree(json(text)['claudeAiOauth'])['accessToken']),
  },
  {
    tool: 'codex',
    title: 'Codex',
    file: ({ env, userHome }) => path.join(under(env['CODEX_HOME'], userHome, '.codex'), 'auth.json'),
    read(text) {
      const { OPENAI_API_KEY: key, tokens } = json(text)
      return [...entry('OPENAI_API_KEY', 'openai', 'api-key', key), ...entry('tokens', 'openai', 'login', tree(tokens)['access_token'])]
    },
  },
  {
    tool: 'opencode',
    title: 'opencode',
    file: ({ env, userHome }) => path.join(under(env['XDG_DATA_HOME'], userHome, '.local', 'share'), 'opencode', 'auth.json'),
    read: (text) =>
      Object.entries(json(text))
        .filter(([provider]) => /^[a-z][a-z0-9-]{0,39}$/.test(provider))
        .slice(0, mostEntries)
        .flatMap(([provider, value]) => {
          const { type, key, access } = tree(value)
          if (type === 'api') return entry(provider, provider, 'api-key', key)
          return type === 'oauth' ? entry(provider, provider, 'login', access) : []
        }),
  },
  {
    tool: 'gemini',
    title: 'Gemini CLI',
    file: ({ userHome }) => path.join(userHome, '.gemini', '.env'),
    read: (text) => entry('GEMINI_API_KEY', 'google', 'api-key', parseEnv(text)['GEMINI_API_KEY']),
  },
]
export interface ReadTool {
  readonly tool: string
  readonly title: string
  readonly where: string
  readonly entries: readonly Entry[]
  /** Why the file was not read; null where it was. */
  readonly why: string | null
}
/** What a tool's file holds now; undefined where there is no such file. Never throws: a file that cannot be read is told of. */
function readTool({ tool, title, file, read }: ToolFile, places: Places): ReadTool | undefined {
  const where = file(places)
  const found = readPrivateFile(where)
  if ('missing' in found) return undefined
  if ('why' in found) return { tool, title, where, entries: [], why: found.why }
  try {
    return { tool, title, where, entries: read(found.text), why: null }
  } catch {
    return { tool, title, where, entries: [], why: `${where} does not hold what ${title} writes there.` }
  }
}
/** Reads the files of all tools that are there. */
export const readTools = (places: Places): ReadTool[] => toolFiles.map((one) => readTool(one, places)).filter((one) => one !== undefined)

/** The key of one entry, read now, or a sentence why there is none. */
export function readEntry(places: Places, reference: { tool: string; entry: string }): { where: string } & ({ key: string } | { why: string }) {
  const tool = toolFiles.find((one) => one.tool === reference.tool)
  if (!tool) return { where: reference.tool, why: `Steward does not know the files of ${reference.tool}.` }
  const where = tool.file(places)
  const found = readTool(tool, places)
  if (found === undefined) return { where, why: `${where} is gone.` }
  if (found.why !== null) return { where, why: found.why }
  const one = found.entries.find(({ entry: name, kind }) => name === reference.entry && kind === 'api-key')
  return one ? { where, key: one.key } : { where, why: `${where} holds this key no more.` }
}
