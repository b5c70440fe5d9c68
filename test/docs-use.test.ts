import { changesCode, followPages } from './follow.ts'

followPages((blocks) => !changesCode(blocks))
