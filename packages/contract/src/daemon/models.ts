import { z } from 'zod'
import { operation, writeOnly } from '../operation.ts'
import { At, listOf, ModelId, Nothing, page, ProviderId } from './common.ts'

export const ProviderKind = z.enum(['anthropic', 'openai', 'openai-compatible', 'google'])
/** The keys themselves are never shown; `keySource` says where the one that is used first is from. */
export const Provider = z
  .object({
    id: ProviderId,
    kind: ProviderKind,
    baseUrl: z.string().nullable(),
    api: z.enum(['chat', 'responses']),
    hasKey: z.boolean(),
    keySource: z.enum(['settings', 'environment', 'file', 'none']),
    models: z.array(z.string()),
    updatedAt: At.nullable(),
  })
  .meta({ id: 'Provider' })
export type Provider = z.infer<typeof Provider>
/** A model server that may run on this machine, looked for at its usual address. `isSetUp`: the provider has an address already. */
export const FoundServer = z
  .object({ provider: ProviderId, baseUrl: z.string(), running: z.boolean(), isSetUp: z.boolean(), message: z.string(), models: z.array(z.string()) })
  .meta({ id: 'FoundServer' })
export type FoundServer = z.infer<typeof FoundServer>
/** USD per million tokens. */
export const PriceTable = z.object({
  input: z.number().min(0),
  output: z.number().min(0),
  cacheRead: z.number().min(0),
  cacheWrite: z.number().min(0),
})
/** `priceSource`: table (ours), settings (yours), estimate (unknown model: the dearest known price is assumed). */
export const ModelFacts = z
  .object({
    id: ModelId,
    provider: z.string(),
    available: z.boolean(),
    isDefault: z.boolean(),
    contextTokens: z.int(),
    maxOutputTokens: z.int(),
    price: PriceTable,
    priceSource: z.enum(['table', 'settings', 'estimate']),
  })
  .meta({ id: 'Model' })
export type ModelFacts = z.infer<typeof ModelFacts>

export const models = {
  'providers.list': operation({
    summary: 'List the model providers that are set up or known.',
    needs: 'models:read',
    http: 'GET /v1/providers',
    input: z.strictObject({ ...page }),
    output: listOf(Provider),
  }),
  'providers.set': operation({
    summary: 'Set up a model provider: its kind, address and key.',
    needs: 'models:write',
    http: 'PUT /v1/providers/{id}',
    database: 'settings',
    cli: { positionals: ['id'] },
    input: z.strictObject({
      id: ProviderId,
      kind: ProviderKind.optional(),
      baseUrl: z
        .url({ protocol: /^https?$/ })
        .max(2000)
        .nullable()
        .optional(),
      api: z.enum(['chat', 'responses']).optional(),
      key: writeOnly(z.string().min(1).max(10_000).nullable().optional()),
      models: z.array(z.string().min(1).max(160)).max(500).optional(),
    }),
    output: Provider,
    lane: ({ id }) => `provider:${id}`,
  }),
  'providers.remove': operation({
    summary: 'Forget a provider and its stored keys.',
    needs: 'models:write',
    http: 'DELETE /v1/providers/{id}',
    status: 204,
    database: 'settings',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: ProviderId }),
    output: Nothing,
  }),
  'providers.test': operation({
    summary: 'Ask a provider whether its key works.',
    needs: 'models:write',
    http: 'POST /v1/providers/{id}/test',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: ProviderId }),
    output: z.object({ works: z.boolean(), status: z.int().nullable(), message: z.string(), latencyMs: z.number(), models: z.array(z.string()) }),
  }),
  'providers.discover': operation({
    summary: 'Look for model servers on this machine, such as Ollama, at their usual addresses. Only now, and nothing is set up.',
    needs: 'models:write',
    http: 'POST /v1/providers/discover',
    input: z.strictObject({}),
    output: listOf(FoundServer),
  }),
  'models.list': operation({
    summary: 'List the models that can be used, with context sizes and prices.',
    needs: 'models:read',
    http: 'GET /v1/models',
    mcp: true,
    input: z.strictObject({ ...page, available: z.boolean().optional() }),
    output: listOf(ModelFacts),
  }),
  'models.price': operation({
    summary: 'Set the price of a model, or go back to the table with price null.',
    needs: 'models:write',
    http: 'PUT /v1/prices',
    database: 'settings',
    cli: { positionals: ['model'] },
    input: z.strictObject({
      model: ModelId,
      price: PriceTable.nullable(),
      contextTokens: z.int().min(1000).optional(),
      maxOutputTokens: z.int().min(16).optional(),
    }),
    output: ModelFacts,
  }),
}
