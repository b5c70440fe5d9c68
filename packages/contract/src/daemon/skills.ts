import { z } from 'zod'
import { operation } from '../operation.ts'
import { At, listOf, page, SkillName } from './common.ts'

/** The name of a folder in the skills path, whether or not it is a name that a skill may have. */
const FolderName = z
  .string()
  .max(255)
  .regex(/^[^./\\\0][^/\\\0]*$/, 'must be the name of a folder')
const Tag = z
  .string()
  .trim()
  .toLowerCase()
  .min(1)
  .max(50)
  .regex(/^[^,]+$/, 'must not hold a comma')
const TrashId = z.string().regex(/^trs_[0-9a-z]{1,64}$/, 'must look like trs_…')
const etag = z.string().regex(/^[0-9a-f]{64}$/, 'must be the etag that skills.get gave')
/** What is wrong with a skill: the file, by its path in the folder, the line where there is one, and a sentence. */
export const SkillFault = z.object({ path: z.string(), line: z.int().nullable(), message: z.string() })
export type SkillFault = z.infer<typeof SkillFault>
/** `invalid`: a fault keeps it from agents. `etag` is the SHA-256 of SKILL.md, null where that cannot be read. */
export const Skill = z
  .object({
    name: z.string(),
    description: z.string(),
    status: z.enum(['valid', 'invalid']),
    tags: z.array(z.string()),
    etag: z.string().nullable(),
    faults: z.array(SkillFault),
    updatedAt: At,
  })
  .meta({ id: 'Skill' })
export type Skill = z.infer<typeof Skill>
/** `size` in bytes; `path` is relative to the skill's folder, with `/`. */
export const SkillFile = z.object({ path: z.string(), size: z.int() })
export type SkillFile = z.infer<typeof SkillFile>
export const SkillDetail = Skill.extend({
  license: z.string().nullable(),
  compatibility: z.string().nullable(),
  /** But for the tags, which are kept in it. */
  metadata: z.record(z.string(), z.string()),
  /** As the standard says, experimental: shown, and grants nothing here. */
  allowedTools: z.array(z.string()),
  /** SKILL.md after its frontmatter. */
  body: z.string(),
  files: z.array(SkillFile),
}).meta({ id: 'SkillDetail' })
export type SkillDetail = z.infer<typeof SkillDetail>
/** A skill that was deleted and can be put back. */
export const TrashedSkill = z.object({ id: TrashId, name: z.string(), deletedAt: At }).meta({ id: 'TrashedSkill' })
export type TrashedSkill = z.infer<typeof TrashedSkill>

const fields = {
  description: z.string().trim().min(1).max(1024),
  body: z.string().max(200_000),
  license: z.string().trim().min(1).max(500),
  compatibility: z.string().trim().min(1).max(500),
  /** Text by name; the tags are kept here too, as `tags`, and are set by their own field. */
  metadata: z
    .record(z.string().min(1).max(100), z.string().max(2000))
    .refine((entries) => Object.keys(entries).length <= 50, 'has at most 50 entries')
    .refine((entries) => !Object.hasOwn(entries, 'tags'), 'the tags have a field of their own'),
  allowedTools: z.array(z.string().regex(/^\S{1,200}$/, 'must be without blanks')).max(200),
  tags: z.array(Tag).max(50),
}
const one = z.strictObject({ name: FolderName })
const lane = ({ name }: { name: string }) => `skill:${name}`

export const skills = {
  'skills.list': operation({
    summary: 'List the skills of the library by name, with their tags and whether they fit the Agent Skills standard.',
    needs: 'skills:read',
    http: 'GET /v1/skills',
    mcp: true,
    input: z.strictObject({
      ...page,
      status: Skill.shape.status.optional(),
      tag: Tag.optional(),
      /** Only those with this text in name, description or tags, in either case. */
      query: z.string().trim().min(1).max(200).optional(),
    }),
    output: listOf(Skill),
  }),
  'skills.get': operation({
    summary: 'Read one skill: what its SKILL.md says, the list of its files, and what is wrong with it.',
    needs: 'skills:read',
    http: 'GET /v1/skills/{name}',
    mcp: true,
    cli: { positionals: ['name'] },
    input: one,
    output: SkillDetail,
  }),
  'skills.file': operation({
    summary: 'Read one file of a skill, at most 1 MiB; bytes that are no UTF-8 text come as base64.',
    needs: 'skills:read',
    http: 'GET /v1/skills/{name}/file',
    mcp: true,
    cli: { positionals: ['name', 'path'] },
    input: z.strictObject({
      name: FolderName,
      path: z
        .string()
        .min(1)
        .max(1024)
        .regex(/^[^/\\]/, 'must be relative to the folder of the skill'),
    }),
    output: z.object({
      name: z.string(),
      path: z.string(),
      size: z.int(),
      mediaType: z.string(),
      encoding: z.enum(['utf8', 'base64']),
      content: z.string(),
    }),
  }),
  'skills.search': operation({
    summary: 'Search skills by name, description, tags and text, best match first.',
    needs: 'skills:read',
    http: 'GET /v1/skill-search',
    mcp: true,
    cli: { positionals: ['query'] },
    input: z.strictObject({ query: z.string().trim().min(1).max(400), ...page }),
    output: listOf(Skill.extend({ score: z.number() })),
  }),
  'skills.tags': operation({
    summary: 'List the tags of all skills, with how many have each.',
    needs: 'skills:read',
    http: 'GET /v1/skill-tags',
    input: z.strictObject({ ...page }),
    output: listOf(z.object({ tag: z.string(), skills: z.int() })),
  }),
  'skills.validate': operation({
    summary: 'Check a skill against the Agent Skills standard; says each fault with its file and line.',
    needs: 'skills:read',
    http: 'GET /v1/skills/{name}/validation',
    cli: { positionals: ['name'] },
    input: one,
    output: z.object({ name: z.string(), valid: z.boolean(), faults: z.array(SkillFault) }),
  }),
  'skills.create': operation({
    summary: 'Create a skill: a folder with a SKILL.md.',
    needs: 'skills:write',
    http: 'POST /v1/skills',
    status: 201,
    database: 'agents',
    mcp: true,
    cli: { positionals: ['name'] },
    input: z.strictObject({
      name: SkillName,
      description: fields.description,
      body: fields.body.default(''),
      license: fields.license.optional(),
      compatibility: fields.compatibility.optional(),
      metadata: fields.metadata.default({}),
      allowedTools: fields.allowedTools.default([]),
      tags: fields.tags.default([]),
    }),
    output: SkillDetail,
    lane,
  }),
  'skills.update': operation({
    summary: 'Change the SKILL.md of a skill; refused when it is not any more what the etag says.',
    needs: 'skills:write',
    http: 'PATCH /v1/skills/{name}',
    database: 'agents',
    mcp: true,
    cli: { positionals: ['name'] },
    input: z
      .strictObject({
        name: FolderName,
        etag,
        /** The whole of SKILL.md; then nothing else is given. */
        text: z.string().min(1).max(200_000).optional(),
        ...z.strictObject({ ...fields, license: fields.license.nullable(), compatibility: fields.compatibility.nullable() }).partial().shape,
      })
      .refine(({ text, name: _name, etag: _etag, ...others }) => text === undefined || Object.values(others).every((value) => value === undefined), {
        message: 'is the whole of SKILL.md: give nothing else with it',
        path: ['text'],
      }),
    output: SkillDetail,
    lane,
  }),
  'skills.delete': operation({
    summary: 'Delete a skill: its folder goes to the trash, from which it can be restored.',
    needs: 'skills:write',
    http: 'DELETE /v1/skills/{name}',
    database: 'agents',
    cli: { positionals: ['name'] },
    input: one,
    output: TrashedSkill,
    lane,
  }),
  'skills.trash': operation({
    summary: 'List the deleted skills that can be restored, the newest first.',
    needs: 'skills:read',
    http: 'GET /v1/skill-trash',
    input: z.strictObject({ ...page }),
    output: listOf(TrashedSkill),
  }),
  'skills.restore': operation({
    summary: 'Put a deleted skill back under its name.',
    needs: 'skills:write',
    http: 'POST /v1/skill-trash/{id}/restore',
    database: 'agents',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: TrashId }),
    output: SkillDetail,
    lane: ({ id }) => `skill-trash:${id}`,
  }),
}
