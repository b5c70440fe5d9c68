import type { WireFormat } from './wire-script.ts'

/** The body of `GET /v1/models` in the vendor's shape; the smallest call that proves a key. */
export function modelList(format: WireFormat, ids: readonly string[]): object {
  if (format === 'anthropic') {
    const data = ids.map((id) => ({ type: 'model', id, display_name: id, created_at: '2026-01-01T00:00:00Z' }))
    return { data, has_more: false, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null }
  }
  return { object: 'list', data: ids.map((id) => ({ id, object: 'model', created: 1, owned_by: 'wire' })) }
}
