import { z } from 'zod'
import { operation } from '../operation.ts'
import { account, open, text } from './common.ts'

/** What the existing apps ask of every server. Each of them would ask again every second for ever if it got anything but these answers. */
export const appOperations = {
  'apps.version': operation({
    summary: 'Say where an app finds a newer version of itself: this relay knows of none.',
    needs: open,
    http: 'POST /v1/version',
    input: z.object({ platform: text(200).optional(), version: text(200).optional(), app_id: text(200).optional() }),
    output: z.object({ updateUrl: z.null() }),
  }),
  'apps.friends': operation({
    summary: 'List friends: accounts of this relay have none.',
    needs: account,
    http: 'GET /v1/friends',
    input: z.object({}),
    output: z.object({ friends: z.array(z.never()) }),
  }),
  'apps.feed': operation({
    summary: 'List news of friends: there are none.',
    needs: account,
    http: 'GET /v1/feed',
    input: z.object({}),
    output: z.object({ items: z.array(z.never()), hasMore: z.literal(false) }),
  }),
}
