import { Fault } from '@steward/contract'
import type { Question } from '@steward/contract/daemon'
import type { RoomHandlers } from '../../platform/context.ts'
import type { QuestionStore } from './store.ts'

/** Questions that agents ask people: durable, first answer wins. */
export function createQuestionsRoom(store: QuestionStore) {
  const handlers = {
    async 'questions.list'(_context, query) {
      return store.list(query)
    },
    async 'questions.answer'({ commit }, { id, answer }) {
      const question = store.find(id)
      if (!question) throw new Fault('not_found', `There is no question ${id}.`)
      const answers = checked(question, answer)
      const place = { sessionId: question.sessionId, runId: question.runId }
      return commit((emit) => {
        if (!store.settle(question.id, 'answered', answers, new Date().toISOString())) return { settled: false }
        emit('question.settled', { questionId: question.id, callId: question.callId, status: 'answered', answers }, place)
        return { settled: true }
      })
    },
  } satisfies RoomHandlers
  return { handlers }
}
/** One text answers a single question; several are answered by their ids, each of them. */
function checked(question: Question, answer: string | Record<string, string | string[]>): Record<string, string | string[]> {
  const [first] = question.items
  if (typeof answer === 'string') {
    if (question.items.length !== 1 || !first)
      throw new Fault('unprocessable', `There are ${question.items.length} questions; answer with an object that has an answer for each id.`)
    return { [first.id]: answer }
  }
  const ids = question.items.map(({ id }) => id)
  const missing = ids.filter((id) => !Object.hasOwn(answer, id))
  const unknown = Object.keys(answer).filter((id) => !ids.includes(id))
  if (missing.length > 0) throw new Fault('unprocessable', `The answer lacks ${missing.join(', ')}.`)
  if (unknown.length > 0) throw new Fault('unprocessable', `The answer names ${unknown.join(', ')}, which was not asked.`)
  return answer
}
