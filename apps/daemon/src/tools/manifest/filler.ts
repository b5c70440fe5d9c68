import { createMeter, evaluate } from '../../engine/templates/evaluate.ts'
import { references } from '../../engine/templates/references.ts'
import { renderValue } from '../../engine/templates/render.ts'
import { type Expression, TemplateFault } from '../../engine/templates/types.ts'
import { isObject } from '../../engine/templates/values.ts'
import type { Json } from '../../engine/types.ts'
import { ToolError } from '../tool.ts'
import { createHider, type Hider } from './hide.ts'
import { isFlat, type ManifestScope, readsOf, textsIn } from './reads.ts'
import type { Manifest, ManifestTool } from './schema.ts'
import { spotsOf } from './spots.ts'

/** Where the values of an app come from. */
export interface ManifestPorts {
  /** The value of a secret of the app, or undefined when it is not set. */
  secret(name: string): string | undefined
  /** The value of a setting of the app, or its default. */
  setting(name: string): string
}
/** Fills in the templates of one call. Throws ToolError `invalid` where the inputs do not make a value. */
export interface Filler {
  fill(text: string): Json
  value(expression: Expression): Json
  /** A text, number or true/false as text; null for nothing. `what` names the place in a sentence. */
  words(text: string, what: string): string | null
  /** The values of a record; what comes to nothing is left out, and a list gives its name once for each element. */
  pairs(record: Readonly<Record<string, string>>, what: string): readonly (readonly [string, string])[]
  /** JSON with templates. A member that is one template and comes to nothing is left out. */
  json(value: Json): Json
  setting(name: string): string
  /** Takes the secrets that were filled in out of what is shown. */
  hider(): Hider
}

/** The names of the secrets that a tool's templates read. */
export const secretsIn = (tool: ManifestTool): readonly string[] => [
  ...new Set(
    spotsOf(tool, '').flatMap(({ text }) =>
      references(text).flatMap(({ root, path: [name] }) => (root === 'secrets' && typeof name === 'string' ? [name] : [])),
    ),
  ),
]
export const masked = (what: string): string => `[${what}]`

/** Inputs as templates see them: what was not given is its default, or null. */
const inputsOf = ({ inputs }: ManifestTool, given: Json): Json => {
  const properties = inputs['properties']
  const known = Object.entries(isObject(properties) ? properties : {}).map(
    ([name, schema]) => [name, isObject(schema) && Object.hasOwn(schema, 'default') ? (schema['default'] ?? null) : null] as const,
  )
  return { ...Object.fromEntries(known), ...(isObject(given) ? given : {}) }
}
const settingsOf = ({ settings }: Manifest, ports: ManifestPorts): Json =>
  Object.fromEntries(Object.keys(settings).map((name) => [name, ports.setting(name)]))

/** For what is shown before the call runs: secrets and the call's id are marks. */
export const shownFiller = (app: Manifest, tool: ManifestTool, input: Json, ports: ManifestPorts): Filler =>
  createFiller(
    {
      inputs: inputsOf(tool, input),
      settings: settingsOf(app, ports),
      secrets: Object.fromEntries(secretsIn(tool).map((name) => [name, masked(`secret ${name}`)])),
      call: { id: masked('call id') },
    },
    ports,
  )
/** For the call itself. Throws ToolError `failed` when a secret that it needs is not set. */
export function callFiller(app: Manifest, tool: ManifestTool, input: Json, callId: string, ports: ManifestPorts): Filler {
  const secrets = secretsIn(tool).map((name) => {
    const value = ports.secret(name)
    if (value !== undefined && value !== '') return [name, value] as const
    const words = `The secret ${app.id}.${name} is not set. Set it with: steward secrets set ${app.id}.${name} --value-stdin`
    throw new ToolError('failed', words)
  })
  const scope = { inputs: inputsOf(tool, input), settings: settingsOf(app, ports), secrets: Object.fromEntries(secrets), call: { id: callId } }
  return createFiller(scope, ports)
}

/** `Basic {{…}}`: what follows may be said back alone. */
const schemeOf = (text: string): string => /^[A-Za-z][\w-]* (?=\{\{)/.exec(text)?.[0] ?? ''

function createFiller(scope: ManifestScope, { setting }: ManifestPorts): Filler {
  const made: string[] = []
  const explained = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      if (error instanceof TemplateFault) throw new ToolError('invalid', error.message)
      throw error
    }
  }
  const fill = (text: string): Json =>
    explained(() => {
      const value = renderValue(text, scope)
      if (readsOf(text, 'secrets')) for (const each of textsIn(value)) made.push(each.text, each.text.slice(schemeOf(text).length))
      return value
    })
  const flat = (value: Json, what: string): string => {
    if (isFlat(value)) return String(value)
    throw new ToolError('invalid', `${what} needs a text, a number or true/false, not a list or an object.`)
  }
  const json = (value: Json): Json => {
    if (typeof value === 'string') return fill(value)
    if (Array.isArray(value)) return value.map(json)
    if (!isObject(value)) return value
    const members = Object.entries(value).map(([key, inner]) => [key, inner, json(inner)] as const)
    return Object.fromEntries(members.flatMap(([key, inner, filled]) => (typeof inner === 'string' && filled === null ? [] : [[key, filled]])))
  }
  return {
    fill,
    value: (expression) => explained(() => evaluate(expression, scope, createMeter(), false)),
    words(text, what) {
      const value = fill(text)
      return value === null ? null : flat(value, what)
    },
    pairs: (record, what) =>
      Object.entries(record).flatMap(([name, text]) =>
        [fill(text)]
          .flat()
          .filter((value) => value !== null)
          .map((value) => [name, flat(value, `${what} ${name}`)] as const),
      ),
    json,
    setting,
    hider: () => createHider([...Object.values(isObject(scope.secrets) ? scope.secrets : {}).filter((value) => typeof value === 'string'), ...made]),
  }
}
