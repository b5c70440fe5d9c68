/** Groups of words that ask for the same deed. The first is the one the others are read as. */
const SAME_DEED: readonly (readonly string[])[] = [
  ['read', 'show', 'open', 'display', 'view', 'print', 'cat', 'see', 'look', 'get'],
  ['search', 'find', 'grep', 'locate', 'seek', 'lookup'],
  ['list', 'ls', 'show'],
  ['write', 'save', 'store', 'put'],
  ['create', 'make', 'new', 'write', 'add', 'schedule', 'book', 'start'],
  ['add', 'append', 'insert', 'put'],
  ['edit', 'replace', 'change', 'modify', 'substitute', 'rename', 'update'],
  ['run', 'execute', 'launch', 'start'],
  ['fetch', 'download', 'retrieve', 'get', 'read', 'open', 'show'],
  ['delete', 'remove', 'erase', 'trash', 'rm', 'drop', 'unlink', 'wipe', 'cancel'],
  ['send', 'mail', 'email'],
  ['stop', 'kill', 'end', 'terminate', 'abort', 'cancel'],
  ['pause', 'stop', 'halt'],
  ['set', 'change', 'adjust', 'dim'],
  ['turn', 'switch'],
  ['remember', 'note', 'memorise', 'memorize', 'store'],
]
/** Deeds that stand alone: they are verbs, and mean only themselves. */
const OTHER_DEEDS = [
  'play',
  'pause',
  'resume',
  'skip',
  'tell',
  'give',
  'close',
  'ask',
  'copy',
  'move',
  'patch',
  'apply',
  'buy',
  'order',
  'call',
  'post',
  'publish',
  'count',
  'check',
  'summarise',
  'summarize',
  'translate',
  'format',
  'fix',
  'push',
  'pull',
  'commit',
  'merge',
  'deploy',
  'install',
  'archive',
  'star',
  'reply',
  'forward',
  'mark',
  'complete',
  'draw',
  'explain',
  'refactor',
]
/** Things with two names. */
const SAME_THING: readonly (readonly string[])[] = [
  ['folder', 'directory', 'dir'],
  ['mail', 'email', 'message'],
  ['commit', 'history', 'log'],
  ['todo', 'task'],
  ['event', 'meeting', 'appointment'],
  ['url', 'page', 'website', 'site', 'link'],
  ['song', 'track', 'music'],
  ['command', 'shell'],
  ['forecast', 'weather'],
  ['light', 'lamp'],
]
const STOP = new Set(
  'a an the under inside within this that these those my your our his her its their me us you it them i we he she they is are was were be been am do does did to of in on at for from by with and or as into onto out up please all any some every each just now also there here what which who whose where when why how much many can could would will shall should have has had not no so if than then about me'.split(
    ' ',
  ),
)
const QUESTION = new Set('what which who whose where when why how is are was were does do did has have should shall'.split(' '))

const PROGRAMS = new Set(
  'npm npx node yarn pnpm bun deno git ls cat echo make cargo go python python3 pip pytest ruby bundle mvn gradle docker kubectl tsc eslint vitest jest head tail wc du df ps date pwd whoami uname which env curl tree sort uniq diff touch mkdir sh bash'.split(
    ' ',
  ),
)
/** True for a program that a request may name without quoting the command. */
export const isProgram = (word: string): boolean => PROGRAMS.has(word)

/** A word without its commonest English endings, so that `playlists` meets `playlist` and `running` meets `run`. */
export function stem(word: string): string {
  const short = ending(word)
  return short.length > 3 && short.endsWith('e') ? short.slice(0, -1) : short
}
function ending(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (word.length > 4 && /(?:ch|sh|ss|x)es$/.test(word)) return word.slice(0, -2)
  if (word.length > 5 && word.endsWith('ing')) return undouble(word.slice(0, -3))
  if (word.length > 4 && word.endsWith('ed')) return undouble(word.slice(0, -2))
  if (word.length > 3 && word.endsWith('s') && !/(?:ss|us|is)$/.test(word)) return word.slice(0, -1)
  return word
}
const undouble = (word: string): string => (/([bdgmnprt])\1$/.test(word) ? word.slice(0, -1) : word)

/** A text's words in lower case; `playPlaylist`, `play_playlist` and `play.playlist` are two words each. */
export const wordsOf = (text: string): string[] =>
  text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replaceAll('to-do', 'todo')
    .match(/[\p{L}\p{N}]+/gu) ?? []
/** The stems of a text's words. */
export const stems = (text: string): string[] => wordsOf(text).map(stem)
/** True for a word that says nothing of its own (an article, a pronoun, a preposition). */
export const isStop = (word: string): boolean => STOP.has(word)
/** True for a word that opens a question. */
export const isQuestionWord = (word: string): boolean => QUESTION.has(word.replace(/'(?:s|re)$/, ''))

const near = new Map<string, Set<string>>()
const deeds = new Set(OTHER_DEEDS.map(stem))
for (const group of [...SAME_DEED, ...SAME_THING]) {
  for (const word of group.map(stem)) {
    const known = near.get(word) ?? new Set()
    for (const other of group.map(stem)) if (other !== word) known.add(other)
    near.set(word, known)
  }
}
for (const group of SAME_DEED) for (const word of group) deeds.add(stem(word))
const NONE: ReadonlySet<string> = new Set()
/** Stems that may mean the same as this stem. */
export const synonyms = (word: string): ReadonlySet<string> => near.get(word) ?? NONE
/** True for the stem of a known verb of doing. */
export const isDeed = (word: string): boolean => deeds.has(word)
