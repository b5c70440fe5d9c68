/** What a daemon's process says to whoever has started it. */
export type FromDaemon =
  | { readonly type: 'ready'; readonly url: string | null; readonly socket: string; readonly pid: number }
  /** It cannot start: a sentence, and the fault's code where it was one. Exit code 1 follows. */
  | { readonly type: 'failed'; readonly message: string; readonly code?: string }
  /** The answer to a beat, at once: whether it is as well as `/ready` says. */
  | { readonly type: 'beat'; readonly well: boolean }
  /** It begins work that may keep it from answering, or has ended it (null). */
  | { readonly type: 'busy'; readonly work: string | null }
  /** It was asked to stop, and its end is no crash. */
  | { readonly type: 'stopping' }

/** What the supervisor says to its daemon: answer. */
export interface ToDaemon {
  readonly type: 'beat'
}
