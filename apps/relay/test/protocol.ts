import { randomBytes, randomUUID } from 'node:crypto'
import type { HttpClient } from '@steward/testkit/relay'
import { expect } from 'vitest'
import type { TestAccount } from './start.ts'

/** What the rows of a table work with, made by earlier rows or here. */
export interface Story {
  readonly account: TestAccount
  readonly api: HttpClient
  /** At the other node, where there is one. */
  readonly elsewhere: HttpClient
  sessionId: string
  readonly machineId: string
  readonly artifactId: string
  readonly box: string
  [made: string]: unknown
}
export const base64 = (bytes = 32): string => randomBytes(bytes).toString('base64')
export function newStory(account: TestAccount): Story {
  return { account, api: account.api, elsewhere: account.elsewhere, sessionId: '', machineId: randomUUID(), artifactId: randomUUID(), box: base64() }
}
/** One request and what must come back: `answer` is matched, so fields beside it are allowed, as clients allow them. */
export interface Row {
  readonly does: string
  readonly request: string
  /** At the other node. */
  readonly elsewhere?: boolean
  readonly open?: boolean
  body?(story: Story): unknown
  readonly status?: number
  answer?(story: Story): unknown
  /** Keeps what later rows need. */
  keep?(story: Story, body: Record<string, unknown>): void
}
/** Carries a row out. `{sessionId}` and the like in its request come from the story. */
export async function carryOut(row: Row, story: Story): Promise<void> {
  const [method = '', template = ''] = row.request.split(' ')
  const path = template.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(story[name])))
  const sent = row.body?.(story)
  const client = row.elsewhere === true ? story.elsewhere : story.api
  const { status, body } = await client.request<Record<string, unknown>>(method, path, sent === undefined ? {} : { body: sent })
  expect({ status, body }).toMatchObject({ status: row.status ?? 200, ...(row.answer ? { body: row.answer(story) } : {}) })
  row.keep?.(story, body)
}
export const anything = {
  string: expect.any(String) as unknown as string,
  number: expect.any(Number) as unknown as number,
  array: expect.any(Array) as unknown as unknown[],
}
