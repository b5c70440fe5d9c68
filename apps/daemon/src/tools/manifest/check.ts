import type { JsonSchema, Problem } from '../../engine/execution/types.ts'
import { checkExpression, checkValue } from '../../engine/templates/check.ts'
import { hasTemplates } from '../../engine/templates/render.ts'
import { references } from '../../engine/templates/references.ts'
import { TemplateFault } from '../../engine/templates/types.ts'
import { placeIn } from '../../engine/templates/values.ts'
import type { Root } from './reads.ts'
import { bodiless, type CommandCall, type HttpCall, type Manifest, type ManifestTool } from './schema.ts'
import { schemaProblems } from './schema-fault.ts'
import { type Spot, spotsOf } from './spots.ts'
import { baseFault, readUrl } from './url.ts'

/** Set by the connection itself, never by a manifest. */
const ownHeaders = /^(?:host|connection|keep-alive|content-length|transfer-encoding|accept-encoding|expect|upgrade|te|trailer|proxy-.*)$/i
/** Programs that read one of their arguments as a program, and the options that say which. */
const readers = /(?:^|\/)(?:(?:ba|da|z|k|fi|c|tc)?sh|su|node|deno|bun|python[\d.]*|perl|ruby|php|lua|osascript|pwsh|powershell)(?:\.exe)?$/i
const programFlag = /^(?:-[a-z]*[cerp]|--eval=?|--print=?|-command|eval)$/i
/** Variables that decide what program runs, or what it loads. */
const sharpVariable =
  /^(?:STEWARD_.*|LD_.*|DYLD_.*|PATH|IFS|ENV|BASH_ENV|SHELLOPTS|BASHOPTS|PS4|NODE_OPTIONS|PYTHONPATH|PYTHONSTARTUP|PERL5?OPT|PERL5LIB|RUBYOPT|RUBYLIB|JAVA_TOOL_OPTIONS)$/

const named = (names: readonly string[]): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  additionalProperties: false,
})
/** An input that is not described is a mistake, unless its author says that there are others. */
const described = (inputs: JsonSchema): JsonSchema =>
  ['$ref', 'allOf', 'anyOf', 'oneOf', 'patternProperties', 'if'].some((key) => Object.hasOwn(inputs, key))
    ? inputs
    : { additionalProperties: false, properties: {}, ...inputs }

const wholly: Readonly<Partial<Record<Root, string>>> = {
  secrets: 'a secret by its name: secrets.token',
  settings: 'a setting by its name: settings.baseUrl',
  call: 'call.id',
}
const kept: Readonly<Partial<Record<Root, string>>> = {
  secrets: 'Secrets may stand in headers, the query, the body, the environment and the standard input, not here: this is shown before the call runs.',
  call: 'The id of the call may stand in headers, the query, the body, the environment and the standard input, not here: this is shown before the call runs.',
}

function spotProblems({ path, text, may, target }: Spot, scope: Readonly<Record<Root, JsonSchema>>): readonly Problem[] {
  for (const { root, path: segments } of references(text)) {
    const asRoot = (Object.keys(scope) as Root[]).find((one) => one === root)
    if (asRoot === undefined) continue
    const why = may.includes(asRoot) ? undefined : kept[asRoot]
    if (why !== undefined) return [{ path, message: why }]
    const form = wholly[asRoot]
    if (form !== undefined && (segments.length !== 1 || typeof segments[0] !== 'string' || segments[0] === '*'))
      return [{ path, message: `A template reads ${form}.` }]
  }
  return checkValue(text, { scope: Object.fromEntries(may.map((root) => [root, scope[root]])), path, ...(target && { target }) })
}
function httpProblems(http: HttpCall, at: string, { settings }: Manifest): Problem[] {
  const found: Problem[] = []
  const say = (key: string, message: string) => void found.push({ path: `${at}.${key}`, message })
  try {
    const { base } = readUrl(http.url)
    const setting = 'setting' in base && Object.hasOwn(settings, base.setting) ? settings[base.setting] : undefined
    const fault = setting === undefined ? null : baseFault(setting.default)
    if ('setting' in base && setting !== undefined && fault !== null)
      found.push({ path: `settings.${base.setting}.default`, message: `The setting begins the URL of a tool, and ${fault}.` })
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error
    say('url', error.message)
  }
  const bodies = (['body', 'form', 'text'] as const).filter((key) => http[key] !== undefined)
  const [first, second] = bodies
  if (second !== undefined) say(second, 'There is one body: body, form or text.')
  if (first !== undefined && bodiless.has(http.method)) say(first, `A ${http.method} request has no body.`)
  const names = Object.keys(http.headers ?? {})
  for (const [index, name] of names.entries()) {
    if (ownHeaders.test(name)) say(placeIn('headers', name), 'This header belongs to the connection and cannot be set.')
    if (names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < index)
      say(placeIn('headers', name), 'This header stands there twice, but for upper and lower case.')
  }
  return found
}
const asArgument = 'Hand it on as an argument of its own: ["sh", "-c", "echo \\"$1\\"", "sh", "{{inputs.text}}"].'

/** The program that would read an item as a program: it stands before it, with nothing but options in between, and one of them says so. */
function readerOf(argv: readonly string[], index: number): string | undefined {
  const before = argv.slice(0, index)
  const reader = before.findLastIndex((item) => readers.test(item))
  const [literal = ''] = (argv[index] ?? '').split('{{')
  const options = programFlag.test(literal) ? before.slice(reader + 1) : programFlag.test(before.at(-1) ?? '') ? before.slice(reader + 1, -1) : null
  return options?.every((item) => item.startsWith('-')) === true ? before[reader] : undefined
}
function commandProblems({ argv, env, cwd }: CommandCall, at: string): Problem[] {
  const [program = ''] = argv
  const found: Problem[] = []
  const say = (key: string, message: string) => void found.push({ path: `${at}.${key}`, message })
  if (program === '' || hasTemplates(program)) say('argv[0]', 'The program must be written out, without templates.')
  for (const [index, item] of argv.entries()) {
    if (item.includes('\0')) say(`argv[${index}]`, 'It holds a NUL character.')
    if (!hasTemplates(item)) continue
    const reader = readerOf(argv, index)
    if (reader !== undefined) say(`argv[${index}]`, `${reader} would run what is filled in here as a program. ${asArgument}`)
  }
  for (const name of Object.keys(env ?? {}))
    if (sharpVariable.test(name)) say(placeIn('env', name), 'This variable decides what programs run, and cannot be set.')
  if (cwd !== undefined && (/^(?:[/\\~]|[A-Za-z]:)/.test(cwd) || cwd.split(/[/\\]/).includes('..') || hasTemplates(cwd) || cwd.includes('\0')))
    say('cwd', 'It must be a folder inside the workspace, relative to it, without .. and templates.')
  return found
}
function partProblems({ http, command }: ManifestTool, at: string): readonly Problem[] {
  const [key, output] = http ? (['http', http.output] as const) : (['command', command?.output] as const)
  if (output?.path === undefined) return []
  const path = `${at}.${key}.output.path`
  const scope = key === 'http' ? { body: undefined, status: { type: 'integer' } } : { stdout: undefined, exitCode: { type: 'integer' } }
  return checkExpression(output.path, { scope, path }).problems
}
function toolProblems(app: Manifest, tool: ManifestTool, at: string): readonly Problem[] {
  const { inputs, outputs, http, command } = tool
  const wrong = [...schemaProblems(inputs, `${at}.inputs`), ...(outputs === undefined ? [] : schemaProblems(outputs, `${at}.outputs`))]
  if (wrong.length > 0) return wrong
  const scope = {
    inputs: described(inputs),
    settings: named(Object.keys(app.settings)),
    secrets: named(Object.keys(app.secrets)),
    call: named(['id']),
  }
  return [
    ...(http ? httpProblems(http, `${at}.http`, app) : []),
    ...(command ? commandProblems(command, `${at}.command`) : []),
    ...spotsOf(tool, at).flatMap((spot) => spotProblems(spot, scope)),
    ...partProblems(tool, at),
  ]
}

/** What is wrong with a manifest whose shape is right: its templates, schemas, addresses and commands. */
export const contentProblems = (app: Manifest): readonly Problem[] =>
  app.tools.flatMap((tool, index) => {
    const at = `tools[${index}]`
    const isSecond = app.tools.findIndex(({ id }) => id === tool.id) < index
    return [...(isSecond ? [{ path: `${at}.id`, message: `There are two tools with the id ${tool.id}.` }] : []), ...toolProblems(app, tool, at)]
  })
