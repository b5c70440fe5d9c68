import { Fault } from '@steward/contract'
import type { SkillFault } from '@steward/contract/daemon'
import { SkillName } from '@steward/contract/daemon'
import type { Json } from '../../engine/types.ts'
import { readYaml, type YamlSheet } from '../../platform/yaml-reader.ts'

/** The file that makes a folder a skill. */
export const skillFile = 'SKILL.md'
/** What the frontmatter of a SKILL.md says. */
export interface SkillHead {
  readonly description: string
  readonly license: string | null
  readonly compatibility: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly allowedTools: readonly string[]
}
/** A SKILL.md as far as it can be read; `faults` is empty when it fits the standard. */
export interface SkillText {
  readonly head: SkillHead
  readonly body: string
  readonly faults: readonly SkillFault[]
}
const mostHeadBytes = 64 * 1024
const mostFaults = 20
const nothing: SkillHead = { description: '', license: null, compatibility: null, metadata: {}, allowedTools: [] }
const isText = (value: Json | undefined): value is string => typeof value === 'string'
const isMap = (value: Json | undefined): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Cuts a SKILL.md into its frontmatter, between two lines of `---` of which the first is its first line, and its body. */
export function cutSkill(text: string): { readonly head: string; readonly body: string } | { readonly fault: string } {
  const opening = /^---[ \t]*\r?\n/.exec(text)
  if (!opening) return { fault: 'The file does not begin with a line of ---, which opens the frontmatter.' }
  const rest = text.slice(opening[0].length)
  const closing = /^---[ \t]*(?:\r?\n|$)/m.exec(rest)
  if (!closing) return { fault: 'The frontmatter is not closed; end it with a line of ---.' }
  const head = rest.slice(0, closing.index)
  if (Buffer.byteLength(head) > mostHeadBytes) return { fault: 'The frontmatter is longer than 64 KiB.' }
  return { head, body: rest.slice(closing.index + closing[0].length).replace(/^(?:[ \t]*\r?\n)+/, '') }
}
/**
 * Reads a SKILL.md as the Agent Skills standard (agentskills.io/specification) has it; `folder` is the name of its folder. Values of the
 * frontmatter are texts as they are written. Never throws: what does not fit is a fault with its line.
 */
export function readSkill(folder: string, text: string): SkillText {
  const cut = cutSkill(text)
  if ('fault' in cut) return { head: nothing, body: text, faults: [{ path: skillFile, line: 1, message: cut.fault }] }
  let sheet: YamlSheet
  try {
    sheet = readYaml(cut.head, 'failsafe')
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const at = (error.details as { line?: number } | undefined)?.line ?? 1
    const message = `The frontmatter is not the YAML that is read here: ${error.message.replace(/^Line \d+: /, '')}`
    return { head: nothing, body: cut.body, faults: [{ path: skillFile, line: at + 1, message }] }
  }
  return { ...checkHead(folder, sheet), body: cut.body }
}
function checkHead(folder: string, { value, lineOf }: YamlSheet): { head: SkillHead; faults: readonly SkillFault[] } {
  const faults: SkillFault[] = []
  const wrong = (message: string, ...place: string[]) => {
    // The frontmatter begins in the second line of the file.
    if (faults.length < mostFaults) faults.push({ path: skillFile, line: lineOf(place) + 1, message })
  }
  if (!isMap(value)) {
    wrong('The frontmatter is no list of fields such as "name: …" and "description: …".')
    return { head: nothing, faults }
  }
  for (const key of Object.keys(value))
    if (!known.has(key)) wrong(`The standard knows no field ${JSON.stringify(key.slice(0, 60))}; what is your own goes under "metadata".`, key)
  const text = (key: string, most: number): string | null => {
    const given = value[key]
    if (given === undefined) return null
    if (!isText(given) || given.trim() === '') wrong(`"${key}" must be a text that is not empty.`, key)
    else if (given.length > most) wrong(`"${key}" has ${given.length} characters; at most ${most} are allowed.`, key)
    return isText(given) ? given.trim() : null
  }
  const name = text('name', 64)
  if (value['name'] === undefined) wrong('The field "name" is missing.')
  else if (name !== null && !SkillName.safeParse(name).success)
    wrong('"name" must be 1 to 64 lower case letters (a-z), digits and single dashes between them.', 'name')
  if (name !== null && name !== folder)
    wrong(`"name" is ${JSON.stringify(name.slice(0, 64))}, and the folder ${JSON.stringify(folder)}; they must be equal.`, 'name')
  const description = text('description', 1024)
  if (value['description'] === undefined) wrong('The field "description" is missing: it says what the skill does and when to use it.')
  const metadata = value['metadata']
  if (metadata !== undefined && !(isMap(metadata) && Object.values(metadata).every(isText)))
    wrong('"metadata" must be a map of names to texts.', 'metadata')
  const tools = value['allowed-tools']
  if (tools !== undefined && !isText(tools) && !(Array.isArray(tools) && tools.every(isText)))
    wrong('"allowed-tools" must be names of tools with blanks between them, or a list of them.', 'allowed-tools')
  const head = {
    description: description ?? '',
    license: text('license', 500),
    compatibility: text('compatibility', 500),
    metadata: isMap(metadata) ? Object.fromEntries(Object.entries(metadata).filter((entry): entry is [string, string] => isText(entry[1]))) : {},
    allowedTools: (isText(tools) ? tools.split(/\s+/) : Array.isArray(tools) ? tools.filter(isText) : []).filter((one) => one !== ''),
  }
  return { head, faults }
}
const known = new Set(['name', 'description', 'license', 'compatibility', 'metadata', 'allowed-tools'])

/** The tags of a skill: the texts between the commas of `tags` in its metadata, in lower case, each once. */
export function tagsOf({ metadata }: SkillHead): string[] {
  const all = (Object.hasOwn(metadata, 'tags') ? (metadata['tags'] ?? '') : '').split(',').map((tag) => tag.trim().toLowerCase())
  return [...new Set(all.filter((tag) => tag !== ''))].slice(0, 50)
}
