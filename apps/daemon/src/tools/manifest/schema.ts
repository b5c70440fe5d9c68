import { z } from 'zod'

/** As RFC 9110 9.2.2 defines: sending it twice is meant to do what sending it once does. */
export const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE'])
/** Methods whose body, if there were one, would mean nothing (RFC 9110 9.3.1). */
export const bodiless: ReadonlySet<string> = new Set(['GET', 'HEAD'])

const Words = (most: number) => z.string().trim().min(1).max(most)
/** Text in which `{{expression}}` is filled in; as long as templates may be. */
const Template = z.string().max(20_000)
/** Names that templates say: `settings.baseUrl`. */
const Name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,59}$/, 'must be letters, digits and underscores, and begin with a letter')
const Schema = z.record(z.string(), z.json())
/** `body.items[0]`: an expression as in templates, without the braces. */
const Path = z.string().trim().min(1).max(1000)
const HeaderName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, 'is no name of a header')

const Http = z.strictObject({
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** Begins with an origin, or with the setting that holds one: `{{settings.baseUrl}}/me/player`. */
  url: Template.min(1).max(4000),
  /** A value that comes to null is left out; a list gives the name once for each element. */
  query: z.record(z.string().min(1).max(200), Template).optional(),
  headers: z.record(HeaderName, Template).optional(),
  /** JSON with templates. A member that is one template and comes to null is left out. */
  body: z.json().optional(),
  form: z.record(z.string().min(1).max(200), Template).optional(),
  text: Template.optional(),
  output: z
    .strictObject({
      /** Which part of the answer is the output, over `body` and `status`. */
      path: Path.optional(),
      /** Default: what the answer's media type says. */
      as: z.enum(['json', 'text']).optional(),
    })
    .optional(),
})
const Command = z.strictObject({
  /** A program and its arguments. Each item is one argument, whatever it holds; an item that is one template and gives a list is several. */
  argv: z.array(Template).min(1).max(200),
  stdin: Template.optional(),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'is no name of a variable'), Template).optional(),
  /** A folder inside the workspace, relative to it. */
  cwd: z.string().min(1).max(1000).optional(),
  output: z
    .strictObject({
      /** Which part of what it printed is the output, over `stdout` and `exitCode`. */
      path: Path.optional(),
      as: z.enum(['text', 'json', 'lines']).optional(),
    })
    .optional(),
})
const ToolEntry = z
  .strictObject({
    /** The tool is known as `app.id`. */
    id: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,59}$/, 'must be letters, digits, _ and -, and begin with a letter'),
    name: Words(100),
    /** What it does, when to use it, its limits: for the model and for people. */
    description: Words(4000),
    /** JSON Schema of an object. */
    inputs: Schema.refine(({ type }) => type === 'object', { error: 'needs "type": "object"', path: ['type'] }),
    outputs: Schema.optional(),
    /** Default: `app:use`. */
    permissions: z
      .array(z.string().regex(/^[a-z][a-z0-9-]{0,39}:[a-z][a-z0-9-]{0,39}$/, 'must look like spotify:use'))
      .min(1)
      .max(20)
      .optional(),
    /** Default: network for GET and HEAD, write for other methods, execute for commands. */
    risk: z.enum(['read', 'write', 'execute', 'network', 'destructive']).optional(),
    /** Running it twice does what running it once does. Default: true for GET, HEAD, PUT and DELETE, else false. */
    repeatable: z.boolean().optional(),
    /** Requests in plain words; the built-in planner finds the tool by them. */
    examples: z.array(Words(300)).max(50).default([]),
    timeoutMs: z
      .int()
      .min(100)
      .max(10 * 60_000)
      .default(30_000),
    http: Http.optional(),
    command: Command.optional(),
  })
  .refine(({ http, command }) => (http === undefined) !== (command === undefined), 'needs either "http" or "command", and not both')

/** An app as its author writes it: a group of tools, each an HTTP request or a command. */
export const Manifest = z.strictObject({
  $schema: z.string().max(1000).optional(),
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower case letters, digits and dashes, and begin with a letter'),
  name: Words(100),
  description: Words(4000).optional(),
  version: Words(50).optional(),
  /** What the person may set; templates read them as `settings.name`. */
  settings: z.record(Name, z.strictObject({ default: z.string().max(10_000), description: Words(1000).optional() })).default({}),
  /** Kept apart and never shown; templates read them as `secrets.name`. */
  secrets: z.record(Name, z.strictObject({ description: Words(1000).optional() })).default({}),
  tools: z.array(ToolEntry).min(1).max(200),
})
export type Manifest = z.infer<typeof Manifest>
export type ManifestTool = Manifest['tools'][number]
export type HttpCall = z.infer<typeof Http>
export type CommandCall = z.infer<typeof Command>
