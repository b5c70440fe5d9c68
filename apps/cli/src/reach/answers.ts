export { answers, isAlive } from '@steward/client/node/find'
