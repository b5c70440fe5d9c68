import type { OperationName } from '@steward/contract/daemon'
import type { Fault } from '@steward/contract'
import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type QueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import { call, type AnswerOf, type InputOf } from './daemon.ts'

/** Under which an answer is kept: the operation and what it was asked. */
export const keyOf = <N extends OperationName>(name: N, input?: InputOf<N>) => (input === undefined ? [name] : [name, input])

/** Reads by an operation. The answer stays current: what happens in the daemon makes it be asked again (live.ts). */
export function useRead<N extends OperationName>(
  name: N,
  input: InputOf<N>,
  options: { readonly enabled?: boolean } = {},
): UseQueryResult<AnswerOf<N>, Fault> {
  return useQuery<AnswerOf<N>, Fault>({ queryKey: keyOf(name, input), queryFn: ({ signal }) => call(name, input, { signal }), ...options })
}
/** Operations that answer lists. */
export type ListName = {
  [N in OperationName]: AnswerOf<N> extends { items: readonly unknown[]; nextCursor: string | null } ? N : never
}[OperationName]
export type ItemOf<N extends ListName> = AnswerOf<N>['items'][number]
const itemsOf = <N extends ListName>(page: AnswerOf<N>): ItemOf<N>[] => page.items as ItemOf<N>[]
/** Pages of a list, as far as they were asked for. */
export interface Pages<T> {
  readonly items: readonly T[]
  readonly isPending: boolean
  readonly error: Fault | null
  readonly hasMore: boolean
  readonly isMore: boolean
  more(): void
  /** Reads it anew, after it has failed. */
  again(): void
}
export interface ListOptions<T> {
  readonly enabled?: boolean
  /** Asks again after so many milliseconds, for as long as it says so: for what changes without an event. */
  readonly againMs?: (items: readonly T[]) => number | false
}
export function useList<N extends ListName>(name: N, input: InputOf<N>, { againMs, ...options }: ListOptions<ItemOf<N>> = {}): Pages<ItemOf<N>> {
  const query = useInfiniteQuery<AnswerOf<N>, Fault, InfiniteData<AnswerOf<N>>, readonly unknown[], string | undefined>({
    queryKey: [name, input, 'pages'],
    queryFn: ({ signal, pageParam }) => call(name, (pageParam === undefined ? input : { ...input, cursor: pageParam }) as InputOf<N>, { signal }),
    initialPageParam: undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    ...(againMs ? { refetchInterval: ({ state }) => againMs(state.data?.pages.flatMap(itemsOf<N>) ?? []) } : {}),
    ...options,
  })
  return {
    items: query.data?.pages.flatMap(itemsOf<N>) ?? [],
    isPending: query.isPending,
    error: query.error,
    hasMore: query.hasNextPage,
    isMore: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
    again: () => void query.refetch(),
  }
}
/** Writes by an operation. What it changes shows itself by its event; `changes` names reads that no event tells of. */
export function useWrite<N extends OperationName>(
  name: N,
  changes: readonly OperationName[] = [],
): UseMutationResult<AnswerOf<N>, Fault, InputOf<N>> {
  const queries = useQueryClient()
  return useMutation<AnswerOf<N>, Fault, InputOf<N>>({
    mutationFn: (input) => call(name, input),
    onSuccess: () => Promise.all(changes.map((changed) => queries.invalidateQueries({ queryKey: [changed] }))),
  })
}
/** Puts what is known already where a read finds it. */
export const known = <N extends OperationName>(queries: QueryClient, name: N, input: InputOf<N>, answer: AnswerOf<N>): void =>
  void queries.setQueryData(keyOf(name, input), answer)
