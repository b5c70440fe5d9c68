import { questions } from './ask/questions.ts'
import { edit } from './files/edit.ts'
import { glob } from './files/glob.ts'
import { grep } from './files/grep.ts'
import { list as listFolder } from './files/list.ts'
import { multiEdit } from './files/multi-edit.ts'
import { patch } from './files/patch.ts'
import { read as readFile } from './files/read.ts'
import { write as writeFile } from './files/write.ts'
import { diff } from './git/diff.ts'
import { log } from './git/log.ts'
import { show } from './git/show.ts'
import { status } from './git/status.ts'
import { save as saveMemory } from './memory/save.ts'
import { search as searchMemory } from './memory/search.ts'
import { kill } from './shell/kill.ts'
import { list as listCommands } from './shell/list.ts'
import { output } from './shell/output.ts'
import { run } from './shell/run.ts'
import { read as readTodos } from './todo/read.ts'
import { write as writeTodos } from './todo/write.ts'
import type { Tool } from './tool.ts'
import { fetch } from './web/fetch.ts'

/** The tools that every Steward has. */
export const builtinTools: readonly Tool[] = [
  readFile,
  writeFile,
  edit,
  multiEdit,
  patch,
  listFolder,
  glob,
  grep,
  run,
  output,
  kill,
  listCommands,
  status,
  diff,
  log,
  show,
  fetch,
  writeTodos,
  readTodos,
  saveMemory,
  searchMemory,
  questions,
]
