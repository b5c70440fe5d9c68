import { createHash } from 'node:crypto'
import type { FoundAuth } from '@steward/contract/daemon'
import { credentialId } from '../../platform/models/credential.ts'
import type { AuthPorts, KeyVariable } from './ports.ts'
import { readTools, type Entry, type ReadTool } from './tool-files.ts'

/** A key that was found, with what is needed to adopt it. `reference` is absent where there is nothing to adopt. */
export interface Found {
  readonly shown: FoundAuth
  readonly reference?: { readonly tool: string; readonly entry: string }
}
/** Of a login that a subscription gives to one tool. */
const loginVariables: readonly KeyVariable[] = [{ provider: 'anthropic', variable: 'CLAUDE_CODE_OAUTH_TOKEN' }]
/** The same place in a tool's file has the same id each time, wherever the file lies. */
export const foundId = (...place: string[]): string => `found_${createHash('sha256').update(place.join('\n')).digest('hex').slice(0, 20)}`
/** The id of the profile that an adopted entry becomes: the same entry is adopted once. */
export const adoptedId = (provider: string, { tool, entry }: { tool: string; entry: string }): string => credentialId(provider, `${tool}:${entry}`)

/**
 * Looks for credentials of other tools on this machine: in the variables of known vendors and in the files whose form is known. Reads only. The values are
 * never told. A login of a subscription is told of and not used: its vendor gives it to its own tool.
 */
export function discover({ store, providers, places }: Pick<AuthPorts, 'store' | 'providers' | 'places'>): Found[] {
  const isSet = (variable: string) => (places.env[variable]?.trim() ?? '') !== ''
  const inVariable = ({ provider, variable }: KeyVariable): Found => {
    const known = providers.find(provider)
    const inUse = known?.own.find(({ source }) => source === 'environment')
    const why =
      inUse?.where === variable
        ? null
        : inUse
          ? `${inUse.where ?? ''} is set too and comes first.`
          : `The address of ${provider} was changed, and a key of the environment goes to the vendor's own alone.`
    const profileId = inUse?.where === variable ? inUse.id : null
    return {
      shown: {
        id: foundId('environment', variable),
        provider,
        kind: 'api-key',
        source: 'environment',
        tool: 'environment',
        where: variable,
        usable: why === null,
        why,
        profileId,
      },
    }
  }
  const loginInVariable = ({ provider, variable }: KeyVariable): Found => ({
    shown: {
      id: foundId('environment', variable),
      provider,
      kind: 'login',
      source: 'environment',
      tool: 'environment',
      where: variable,
      usable: false,
      why: loginWhy('the tool it was made for'),
      profileId: null,
    },
  })
  const inFile = ({ tool, title, where }: ReadTool, { entry, provider, kind }: Entry): Found => {
    const reference = { tool, entry }
    const id = adoptedId(provider, reference)
    const known = providers.find(provider)
    const why =
      kind === 'login'
        ? loginWhy(title)
        : known?.home === undefined
          ? `Steward does not know where keys of ${provider} may be sent. Set the provider up with \`steward providers set ${provider}\`, then give it the key with \`steward auth add ${provider}\`.`
          : null
    const profileId = store.find(id) ? id : null
    const shown: FoundAuth = { id: foundId(tool, entry), provider, kind, source: 'file', tool, where, usable: why === null, why, profileId }
    return why === null ? { shown, reference } : { shown }
  }
  const unread = ({ tool, where, why }: ReadTool): Found => ({
    shown: { id: foundId(tool), provider: null, kind: 'unknown', source: 'file', tool, where, usable: false, why, profileId: null },
  })
  return [
    ...providers.variables.filter(({ variable }) => isSet(variable)).map(inVariable),
    ...loginVariables.filter(({ variable }) => isSet(variable)).map(loginInVariable),
    ...readTools(places).flatMap((tool) => (tool.why === null ? tool.entries.map((entry) => inFile(tool, entry)) : [unread(tool)])),
  ]
}
const loginWhy = (title: string): string =>
  `It is the login of a subscription, which the vendor means for ${title} alone. Make an API key with the vendor and give it with \`steward auth add\`.`
