import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff/lib/patch/create.js'
import type { WorkflowRecord } from './store.ts'
import { toYaml } from './yaml.ts'

/** Two versions of a workflow as a unified diff of their YAML; empty where they say the same. Versions too different to compare in a second say so. */
export function diffVersions(from: WorkflowRecord, to: WorkflowRecord): string {
  const [before, after] = [toYaml(from.id, from.definition), toYaml(to.id, to.definition)]
  if (before === after) return ''
  const [old, fresh] = [`version ${from.version}`, `version ${to.version}`]
  const text = createTwoFilesPatch(old, fresh, before, after, undefined, undefined, { context: 3, timeout: 1000, headerOptions: FILE_HEADERS_ONLY })
  return text ?? `--- ${old}\n+++ ${fresh}\n[The two versions differ too much to be compared in a second.]\n`
}
