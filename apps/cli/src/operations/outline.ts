import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Contract, Operation } from '@steward/contract'
import { isWriteOnly } from './fields.ts'

/** The contract as far as a command line needs it: plain data, without the code that judges. */
export interface Outline {
  readonly operations: Contract
  readonly permissionModes: readonly string[]
  readonly logLevels: readonly string[]
}
type Plain = Readonly<Record<string, unknown>>
interface Schema {
  readonly def: Plain
  readonly shape?: Readonly<Record<string, Schema>>
  readonly description?: string | undefined
  meta?(): { readonly writeOnly?: unknown } | undefined
}
/** What of a definition leads to other schemas: one of them, or a list. */
const inner = ['innerType', 'in', 'element', 'valueType'] as const

/** A schema without its code: what a field is called, takes and says of itself. */
function schemaOutline(schema: Schema): Plain {
  const { def, shape, description } = schema
  const { type, entries, values, options } = def
  const nested = inner.flatMap((name) => (def[name] === undefined ? [] : [[name, schemaOutline(def[name] as Schema)]]))
  return {
    def: {
      type,
      ...Object.fromEntries(nested),
      ...('defaultValue' in def ? { defaultValue: def['defaultValue'] } : {}),
      ...(entries === undefined ? {} : { entries }),
      ...(values === undefined ? {} : { values }),
      ...(options === undefined ? {} : { options: (options as Schema[]).map(schemaOutline) }),
    },
    ...(shape === undefined ? {} : { shape: Object.fromEntries(Object.entries(shape).map(([key, one]) => [key, schemaOutline(one)])) }),
    ...(description === undefined ? {} : { description }),
    ...(isWriteOnly(schema) ? { writeOnly: true } : {}),
  }
}
function operationOutline({ input, output: _output, lane: _lane, database, ...op }: Operation): unknown {
  // Which database it is may depend on the input and is the daemon's affair: here it counts that there is one.
  const kept = typeof database === 'function' ? 'agents' : database
  return { ...op, ...(kept === undefined ? {} : { database: kept }), input: schemaOutline(input as unknown as Schema) }
}
/** Makes it from the contract itself. */
export async function makeOutline(): Promise<Outline> {
  const { operations, permissionModes, logLevels } = await import('@steward/contract/daemon')
  const outlined = Object.entries(operations).map(([name, op]) => [name, operationOutline(op)])
  return JSON.parse(JSON.stringify({ operations: Object.fromEntries(outlined), permissionModes, logLevels })) as Outline
}
const here = (place: string) => fileURLToPath(new URL(place, import.meta.url))

/** What the outline was made from: another file, size or time of the contract, or of this one, and it is made anew. */
function sourceMark(): string {
  const contract = path.dirname(fileURLToPath(import.meta.resolve('@steward/contract/daemon')))
  const files = [
    here('outline.ts'),
    ...[contract, path.dirname(contract)].flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name))),
  ]
  return files
    .map((file) => {
      const { mtimeMs, size } = statSync(file)
      return `${file} ${mtimeMs} ${size}`
    })
    .join('\n')
}
/**
 * The outline, kept beside compiled code from the first command on: judging schemas takes most of the time that a command needs to start, and
 * whoever answers judges anyway. Where it cannot be kept it is made each time.
 */
export async function readOutline(kept: string = here('../../../../node_modules/.cache/steward/outline.json')): Promise<Outline> {
  const mark = sourceMark()
  try {
    const found = JSON.parse(readFileSync(kept, 'utf8')) as { mark: string; outline: Outline }
    if (found.mark === mark) return found.outline
  } catch {
    // It is not there yet, or torn.
  }
  const outline = await makeOutline()
  try {
    mkdirSync(path.dirname(kept), { recursive: true })
    const beside = `${kept}.${process.pid}`
    writeFileSync(beside, JSON.stringify({ mark, outline }))
    renameSync(beside, kept)
  } catch {
    // Installed by somebody else: the next command makes it again.
  }
  return outline
}
