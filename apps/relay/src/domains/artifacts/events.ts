import { Fault } from '@steward/contract'
import type { Call } from '@steward/kernel'
import { fieldsOf, type SocketEvent } from '../../connection.ts'

interface Updated {
  readonly success: boolean
  readonly headerVersion?: number
  readonly bodyVersion?: number
  readonly currentHeaderVersion?: number
  readonly currentHeader?: string
  readonly currentBodyVersion?: number
  readonly currentBody?: string
}
/** A part of an update as the operation reads it; what is no object, or has no data, is left for the contract to refuse. */
const partOf = (sent: unknown, field: string, expected: string): Record<string, unknown> => {
  if (sent === undefined || sent === null) return {}
  const { data, expectedVersion } = fieldsOf(sent)
  return { [field]: data ?? null, ...(expectedVersion === undefined ? {} : { [expected]: expectedVersion }) }
}
const refused = ({ message }: Fault) => ({ result: 'error', message })

/** The existing clients' events for artifacts. An update's acknowledgement carries each part as it is now. */
export const artifactEvents = (call: Call): SocketEvent[] => [
  {
    event: 'artifact-read',
    order: 'alone',
    async handle({ caller }, payload) {
      const { value } = await call(caller, 'artifacts.get', { id: fieldsOf(payload)['artifactId'] })
      return { result: 'success', artifact: value }
    },
    refused,
  },
  {
    event: 'artifact-create',
    order: 'alone',
    async handle({ caller }, payload) {
      const { value } = await call(caller, 'artifacts.create', payload)
      return { result: 'success', artifact: value }
    },
    refused,
  },
  {
    event: 'artifact-update',
    order: 'alone',
    async handle({ caller }, payload) {
      const { artifactId, header, body } = fieldsOf(payload)
      const parts = { ...partOf(header, 'header', 'expectedHeaderVersion'), ...partOf(body, 'body', 'expectedBodyVersion') }
      if (Object.keys(parts).length === 0) throw new Fault('invalid', 'No updates provided')
      const value = (await call(caller, 'artifacts.update', { id: artifactId, ...parts })).value as Updated
      if (!value.success)
        return {
          result: 'version-mismatch',
          ...(value.currentHeader === undefined ? {} : { header: { currentVersion: value.currentHeaderVersion, currentData: value.currentHeader } }),
          ...(value.currentBody === undefined ? {} : { body: { currentVersion: value.currentBodyVersion, currentData: value.currentBody } }),
        }
      return {
        result: 'success',
        ...(value.headerVersion === undefined ? {} : { header: { version: value.headerVersion, data: parts['header'] } }),
        ...(value.bodyVersion === undefined ? {} : { body: { version: value.bodyVersion, data: parts['body'] } }),
      }
    },
    refused,
  },
  {
    event: 'artifact-delete',
    async handle({ caller }, payload) {
      await call(caller, 'artifacts.delete', { id: fieldsOf(payload)['artifactId'] })
      return { result: 'success' }
    },
    refused,
  },
]
