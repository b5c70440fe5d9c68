/** The grammar's node types that the reader knows, and the shell's own lexical rules beside them. */

export const nests = new Set([
  'subshell',
  'compound_statement',
  'if_statement',
  'while_statement',
  'for_statement',
  'case_statement',
  'function_definition',
  'command_substitution',
  'process_substitution',
])
export const transparent = new Set([
  ...nests,
  'program',
  'list',
  'pipeline',
  'elif_clause',
  'else_clause',
  'do_group',
  'case_item',
  'negated_command',
  'variable_assignments',
])
export const wordLike = new Set([
  'word',
  'string',
  'raw_string',
  'ansi_c_string',
  'translated_string',
  'concatenation',
  'simple_expansion',
  'expansion',
  'number',
  'brace_expression',
  'arithmetic_expansion',
  'extglob_pattern',
  'command_substitution',
  'process_substitution',
  'command_name',
  'regex',
  'special_variable_name',
  'variable_name',
  'test_operator',
])
export const expansionTypes = new Set(['simple_expansion', 'expansion', 'command_substitution', 'process_substitution', 'arithmetic_expansion'])
export const reserved = new Set('if then elif else fi for while until do done case esac in function select { } [[ ]] !'.split(' '))
/** Parameter expansions that only look a value up, cut it or put a default in its place; the others assign, evaluate or look up by a computed name. */
export const plainExpansion = /^\$\{(?:#(?:[A-Za-z_]\w*|[@*])|(?:[A-Za-z_]\w*|[\d@*#?$-])(?:(?::?[-+?]|[#%/^,]).*)?)\}$/s
/** What begins a substitution. */
export const hidden = /`|\$[({[]|[<>]\(/
export const edge = /[\s;&|()<>`]/
export const blank = /^(?:[ \t\n]|\\\n)*$/
/** A newline ends a command: inside of one it stands only after a backslash. */
export const blankInCommand = /^(?:[ \t]|\\\n)*$/
export const oneLine = new Set([
  'command',
  'file_redirect',
  'herestring_redirect',
  'declaration_command',
  'unset_command',
  'variable_assignments',
  'negated_command',
])
