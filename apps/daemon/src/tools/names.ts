import type { Registry } from './registry.ts'
import type { Tool } from './tool.ts'

/** Names that models know from elsewhere, without case and punctuation. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  'files.read': ['readfile', 'read', 'view', 'viewfile', 'cat', 'openfile', 'fileread', 'readtextfile', 'getfilecontents'],
  'files.write': ['writefile', 'write', 'createfile', 'create', 'filewrite', 'writetofile', 'savefile'],
  'files.edit': ['editfile', 'edit', 'strreplace', 'strreplaceeditor', 'replace', 'replaceinfile', 'searchreplace', 'fileedit'],
  'files.multi_edit': ['multiedit', 'multieditfile'],
  'files.patch': ['applypatch', 'patch', 'applydiff', 'patchfile'],
  'files.list': ['listfiles', 'list', 'ls', 'listdir', 'listdirectory', 'listfolder', 'tree'],
  'files.glob': ['glob', 'findfiles', 'globfiles', 'filesearch', 'findfile'],
  'files.grep': ['grep', 'codesearch', 'search', 'searchfiles', 'ripgrep', 'rg', 'grepsearch', 'searchcode'],
  'shell.run': [
    'bash',
    'shell',
    'sh',
    'exec',
    'execute',
    'executeshell',
    'executecommand',
    'runcommand',
    'runshell',
    'runshellcommand',
    'runterminalcmd',
    'terminal',
  ],
  'shell.output': ['bashoutput', 'readoutput', 'getoutput'],
  'shell.kill': ['killshell', 'killbash', 'killprocess'],
  'web.fetch': ['fetch', 'fetchurl', 'readurl', 'geturl'],
  'todo.write': ['updatetodos', 'writetodos', 'todos'],
  'ask.questions': ['ask', 'askuser', 'askuserquestions', 'askuserquestion', 'askquestion'],
}

const bare = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/**
 * Finds the tool a model means: by its name, its id, either of them in another spelling, or a name it bears elsewhere (`read_file`, `bash`).
 * A tool's own name always beats an alias. Undefined when none is meant.
 */
export const findMeantTool = (name: string, registry: Registry): Tool | undefined => {
  const own = registry.byModelName(name) ?? registry.find(name)
  if (own !== undefined) return own
  const wanted = bare(name.trim().replace(/^(?:functions?|tools?)[.:/]/, ''))
  if (wanted === '') return undefined
  const spelled = registry.all().filter(({ id }) => bare(id) === wanted)
  if (spelled.length > 0) return spelled.length === 1 ? spelled[0] : undefined
  const alias = Object.entries(aliases).find(([, names]) => names.includes(wanted))
  return alias === undefined ? undefined : registry.find(alias[0])
}
