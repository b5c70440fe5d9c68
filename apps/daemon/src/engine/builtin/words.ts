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
  ['set', 'change', 'adjust', 'dim', 'make', 'turn', 'put', 'bring', 'raise', 'lower'],
  ['turn', 'switch'],
  ['remember', 'note', 'memorise', 'memorize', 'store'],
  ['add', 'record', 'log', 'enter'],
  ['create', 'file', 'open', 'report', 'raise'],
  ['post', 'send', 'tell', 'say', 'write', 'announce', 'publish', 'share', 'message'],
  ['complete', 'finish', 'mark', 'tick', 'check'],
  ['connect', 'join', 'use'],
  ['disconnect', 'leave'],
  ['skip', 'jump'],
  ['resume', 'continue', 'unpause'],
  ['play', 'listen', 'hear'],
  ['remind', 'remember', 'alert'],
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
  ['mail', 'email', 'mailbox', 'inbox'],
  ['event', 'meeting', 'appointment', 'calendar', 'diary', 'agenda', 'happening'],
  ['issue', 'bug', 'ticket'],
  ['post', 'message'],
  ['channel', 'room'],
  ['contact', 'address', 'phone'],
  ['expense', 'spend', 'spent', 'cost'],
  ['price', 'worth', 'cost', 'quote'],
  ['share', 'stock'],
  ['heating', 'temperature', 'thermostat', 'heat', 'degree'],
  ['brightness', 'dim', 'bright'],
  ['weather', 'rain', 'sun', 'snow', 'sunny', 'rainy', 'cold', 'warm', 'hot', 'wind'],
  ['direction', 'route', 'way'],
  ['place', 'shop', 'restaurant'],
  ['picture', 'photo', 'image'],
  ['volume', 'loud', 'sound'],
  ['done', 'complete', 'finished'],
  ['cycling', 'bike', 'bicycle'],
  ['walking', 'walk', 'foot'],
  ['driving', 'drive', 'car'],
  ['transit', 'train', 'bus', 'subway', 'tram'],
  ['define', 'declare', 'call', 'import'],
  ['url', 'page', 'website', 'site', 'link'],
  ['song', 'track', 'music', 'tune'],
  ['command', 'shell'],
  ['forecast', 'weather'],
  ['light', 'lamp'],
]
const STOP = new Set(
  'a an the under inside within this that these those my your our his her its their me us you it them i we he she they is are was were be been am do does did to of in on at for from by with and or as into onto out up down please all any some every each just now also there here what which who whose where when why how much many can could would will shall should have has had not no so if than then about me one ones thing things anything something everything'.split(
    ' ',
  ),
)
const QUESTION = new Set('what which who whose where when why how is are was were does do did has have should shall'.split(' '))

/** Verbs of two or three words, by the deed they mean. Those that say on or off are none: there the little word is an input. */
const PHRASAL: readonly (readonly [string, string])[] = [
  ['look for', 'search'],
  ['look up', 'search'],
  ['look through', 'search'],
  ['look at', 'show'],
  ["i'm looking for", 'find'],
  ['i am looking for', 'find'],
  ['find out', 'tell'],
  ['bring up', 'show'],
  ['pull up', 'show'],
  ['turn up', 'set'],
  ['turn down', 'set'],
  ['write down', 'note'],
  ['note down', 'note'],
  ['jot down', 'note'],
  ['get rid of', 'delete'],
  ['throw away', 'delete'],
  ['take off', 'remove'],
  ['call off', 'cancel'],
  ['set up', 'create'],
  ['tick off', 'complete'],
  ['cross off', 'complete'],
  ['check off', 'complete'],
  ['carry on', 'resume'],
  ['go on', 'resume'],
  ['send off', 'send'],
  ['start up', 'start'],
]
/** Verbs that say no more than that something shall be so. */
const LIGHT = new Set(['turn', 'switch', 'set', 'put', 'make', 'get', 'do', 'have'])
export const isLight = (word: string): boolean => LIGHT.has(word)
/** The deed that the first words are a name of, and how many words that is. */
export function phrasal(words: readonly string[]): { readonly deed: string; readonly length: number } | null {
  for (const [phrase, deed] of PHRASAL) {
    const parts = phrase.split(' ')
    if (parts.every((part, index) => words[index] === part)) return { deed, length: parts.length }
  }
  return null
}
/** Words of measure that may stand after a number. */
const UNITS = new Set(
  'percent degree degrees celsius fahrenheit euro euros dollar dollars pound pounds bucks times copies kilometres kilometers miles'.split(' '),
)
export const isUnit = (word: string): boolean => UNITS.has(word)

const PROGRAMS = new Set(
  'npm npx node yarn pnpm bun deno git ls cat echo make cargo go python python3 pip pytest ruby bundle mvn gradle docker kubectl tsc eslint vitest jest head tail wc du df ps date pwd whoami uname which env curl tree sort uniq diff touch mkdir sh bash'.split(
    ' ',
  ),
)
/** True for a program that a request may name without quoting the command. */
export const isProgram = (word: string): boolean => PROGRAMS.has(word)

/** A word without its commonest English endings, so that `playlists` meets `playlist` and `running` meets `run`. */
export function stem(word: string): string {
  const short = ending(/(?:ing|ed)s$/.test(word) ? word.slice(0, -1) : word)
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
/** The stems of the words that say something. The stem of a telling word may look like one that does not ("note" and "not"). */
export const tellingStems = (text: string): string[] =>
  wordsOf(text)
    .filter((word) => !isStop(word))
    .map(stem)
/** True for a word that says nothing of its own (an article, a pronoun, a preposition). */
export const isStop = (word: string): boolean => STOP.has(word.replace(/['’](?:s|re|m|ll|d|ve)$/, ''))
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
/** Deeds that are the names of things as often: between two things ("and file b") they open no wish. */
const THINGS = new Set(
  ['file', 'message', 'share', 'log', 'record', 'report', 'note', 'use', 'sound', 'mail', 'email', 'commit', 'post', 'order'].map(stem),
)
export const isThing = (word: string): boolean => THINGS.has(word)
/** True for the stem of a known verb of doing. */
export const isDeed = (word: string): boolean => deeds.has(word)
