import type { Answer, Contract, Sent, StreamItem } from '@steward/contract'
import { operations, type Operations } from '@steward/contract/daemon'
import type { Bytes, Follow, Range, Sender, SendOptions } from './sender.ts'

type Noun<N> = N extends `${infer A}.${string}` ? A : never
type Verbs<C extends Contract, A extends string> = {
  [N in keyof C as N extends `${A}.${infer V}` ? V : never]: (input: Sent<C[N]>, options?: SendOptions) => Promise<Answer<C[N]>>
}
/** Every operation as `client.nouns.verb(input)`, and the verbs for bytes and streams. */
export type Client<C extends Contract = Operations> = { readonly [A in Noun<keyof C>]: Verbs<C, A> } & {
  upload<N extends keyof C & string>(op: N, input: Sent<C[N]>, bytes: Bytes, options?: SendOptions): Promise<Answer<C[N]>>
  download<N extends keyof C & string>(
    op: N,
    input: Sent<C[N]>,
    range?: Range,
    options?: SendOptions,
  ): Promise<{ value: Answer<C[N]>; bytes: AsyncIterable<Uint8Array> }>
  follow(follow: Follow, signal?: AbortSignal): AsyncIterable<StreamItem>
  close(): Promise<void>
}
/** A typed client over any sender; no code is generated. Calls throw Fault. */
export function createClient(sender: Sender): Client
export function createClient<C extends Contract>(sender: Sender, contract: C): Client<C>
export function createClient(sender: Sender, contract: Contract = operations): unknown {
  const client: Record<string, Record<string, unknown> | ((...args: never[]) => unknown)> = {
    upload: (op: string, input: unknown, bytes: Bytes, options?: SendOptions) => sender.upload(op, input, bytes, options),
    download: (op: string, input: unknown, range?: Range, options?: SendOptions) => sender.download(op, input, range, options),
    follow: (follow: Follow, signal?: AbortSignal) => sender.events(follow, signal),
    close: () => sender.close(),
  }
  const nouns: Record<string, Record<string, unknown>> = {}
  for (const name of Object.keys(contract)) {
    const [noun = name, verb = 'call'] = name.split('.')
    ;(nouns[noun] ??= {})[verb] = (input: unknown, options?: SendOptions) => sender.call(name, input, options)
  }
  return { ...nouns, ...client }
}
