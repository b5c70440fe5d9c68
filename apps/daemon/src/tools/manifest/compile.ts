import type { JsonSchema } from '../../engine/execution/types.ts'
import type { Tool } from '../tool.ts'
import { commandTool } from './command-tool.ts'
import { secretsIn, type ManifestPorts } from './filler.ts'
import { httpTool } from './http-tool.ts'
import { checkedBy } from './inputs.ts'
import { idempotent, type Manifest, type ManifestTool } from './schema.ts'

const defaultRisk = ({ http }: ManifestTool): Tool['risk'] => {
  if (!http) return 'execute'
  return http.method === 'GET' || http.method === 'HEAD' ? 'network' : 'write'
}

/**
 * The tools of an app, from a manifest that readManifest has taken. Secrets and settings are read at each call, so that a change counts at once.
 * What a tool shows or answers never holds a secret. An unset secret, an address that a setting breaks and inputs that make no request are ToolErrors.
 */
export function compileManifest(manifest: Manifest, ports: ManifestPorts): readonly Tool[] {
  return manifest.tools.map((entry): Tool => {
    const { id, name, description, inputs, outputs, examples, http } = entry
    const schemas: { inputsSchema: JsonSchema; outputsSchema?: JsonSchema } = { inputsSchema: inputs, ...(outputs && { outputsSchema: outputs }) }
    const secrets = secretsIn(entry)
    const acts = http ? httpTool(manifest, entry, http, ports) : entry.command && commandTool(manifest, entry, entry.command, ports)
    if (!acts) throw new TypeError(`The tool ${id} is neither a request nor a command.`)
    return {
      id: `${manifest.id}.${id}`,
      name,
      description,
      inputs: checkedBy(inputs),
      ...(outputs && { outputs: checkedBy(outputs) }),
      given: schemas,
      permissions: entry.permissions ?? [`${manifest.id}:use`],
      risk: entry.risk ?? defaultRisk(entry),
      repeatable: entry.repeatable ?? (http !== undefined && idempotent.has(http.method)),
      examples,
      isDormant: () => secrets.some((secret) => ports.secret(secret) === undefined),
      ...acts,
    }
  })
}
