import { changesCode, followPages } from './follow.ts'

followPages(changesCode)
