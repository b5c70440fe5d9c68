import { useSyncExternalStore } from 'react'
import { connectionState, watchConnection } from './daemon.ts'

/** How the connection to the daemon does. */
export const useConnection = () => useSyncExternalStore(watchConnection, connectionState)
