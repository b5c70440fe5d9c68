/** The version of frames and shapes; a client and a daemon that differ say so in their hello. */
export const protocol = 1
