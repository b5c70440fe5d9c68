/** Who serves something: a socket on a node. A node's id holds no `|`. */
export interface Holder {
  readonly node: string
  readonly socket: string
}
/**
 * Who serves what in the whole relay; the newest claim of a key is the one that holds. What a node claims stays until it is released, is claimed by another, or
 * the node is gone. A key is any text.
 */
export interface Directory {
  /** Takes a key over. Returns who held it before, so that it can be told and give up its own claim; undefined for nobody, for the same holder, and where that cannot be known now. */
  claim(key: string, holder: Holder): Promise<Holder | undefined>
  /** Gives a key up where this holder still has it; does nothing where another has it. */
  release(key: string, holder: Holder): Promise<void>
  find(key: string): Promise<Holder | undefined>
  /** The holders of the keys, in their order. */
  findMany(keys: readonly string[]): Promise<(Holder | undefined)[]>
  /** Gives up all that this node has claimed. */
  close(): Promise<void>
}
/** Whether both are the same socket. */
export const isSameHolder = (a: Holder, b: Holder): boolean => a.node === b.node && a.socket === b.socket
