import type { Assignment, Redirection, Word } from './shell-reading.ts'
import { heredocTrouble } from './shell-heredoc.ts'
import {
  blank,
  blankInCommand,
  edge,
  expansionTypes,
  hidden,
  nests,
  oneLine,
  plainExpansion,
  reserved,
  transparent,
  wordLike,
} from './shell-syntax.ts'
import type { Piece } from './shell-tree.ts'
import { readWord } from './shell-word.ts'

export interface FoundCommand {
  readonly words: readonly Word[]
  readonly text: string
  readonly assignments: readonly Assignment[]
  readonly redirections: readonly Redirection[]
}

const word = (text: string, literal: boolean): Word => ({ text, value: text, literal, open: !literal })

/** Finds the simple commands of a parsed line, in their order, and what stands in the way of reading it for certain. */
export function walkShell(line: string, root: Piece, deepest: number): { commands: readonly FoundCommand[]; opaque: readonly string[] } {
  const commands: FoundCommand[] = []
  const opaque: string[] = []
  const textOf = (piece: Piece) => line.slice(piece.start, piece.end)

  const walkAll = (pieces: readonly Piece[], depth: number) => pieces.forEach((piece) => walk(piece, depth))

  /** Whatever looks like an expansion between two positions must be one that the grammar found. */
  const covered = (piece: Piece, from: number, to = piece.end): void => {
    let at = from
    for (const found of expansionsIn(piece.children).values()) {
      if (found.start < at) continue
      if (hidden.test(line.slice(at, found.start))) opaque.push('an expansion that the grammar did not see')
      at = found.end
    }
    if (hidden.test(line.slice(at, to))) opaque.push('an expansion that the grammar did not see')
  }
  /** Looks for commands inside words. */
  const dig = (piece: Piece, depth: number): void => {
    if (piece.type === 'command_substitution' || piece.type === 'process_substitution') return walk(piece, depth)
    if (piece.type === 'expansion' && !plainExpansion.test(textOf(piece))) opaque.push('a ${…} that may assign or evaluate')
    if (piece.type === 'expansion' || piece.type === 'array') covered(piece, piece.start + 2)
    if (piece.type === 'arithmetic_expansion' && /[A-Za-z_$`[]/.test(textOf(piece).slice(1)))
      opaque.push('arithmetic with variables, which may run what they hold')
    piece.children.forEach((child) => dig(child, depth))
  }
  const expansionsIn = (pieces: readonly Piece[], found = new Map<number, Piece>()): Map<number, Piece> => {
    for (const piece of pieces) {
      if (expansionTypes.has(piece.type)) found.set(piece.start, piece)
      else expansionsIn(piece.children, found)
    }
    return found
  }
  /** The shell ends a word only at blanks and operators: pieces that touch are one word, and its edges must be such. */
  const wordAt = (start: number, end: number, pieces: readonly Piece[], before = edge): Word => {
    const read = readWord(line, start, end, expansionsIn(pieces))
    const open = (at: number, test: RegExp) => at >= 0 && at < line.length && !test.test(line.charAt(at))
    if (typeof read !== 'string' && !open(start - 1, before) && !open(end, edge)) return read
    opaque.push(typeof read === 'string' ? read : 'a word that does not end where the grammar says')
    const text = line.slice(start, end)
    return { text, value: text, literal: false, open: true }
  }
  const readWords = (pieces: readonly Piece[], depth: number): Word[] => {
    const words: Word[] = []
    for (let i = 0; i < pieces.length;) {
      let next = i + 1
      while (next < pieces.length && pieces[next]?.start === pieces[next - 1]?.end) next++
      const group = pieces.slice(i, next)
      group.forEach((piece) => dig(piece, depth))
      words.push(wordAt(group[0]?.start ?? 0, group.at(-1)?.end ?? 0, group))
      i = next
    }
    return words
  }
  const readAssignment = (piece: Piece, depth: number): Assignment => {
    const text = textOf(piece)
    const match = /^([A-Za-z_]\w*)(\[[^=]*\])?\+?=/.exec(text)
    dig(piece, depth)
    if (!match || (match[2] && !/^\[\d+\]$/.test(match[2]))) {
      opaque.push('an assignment whose place is computed')
      return { name: match?.[1] ?? text, value: '', literal: false }
    }
    const name = match[1] ?? ''
    if (text.charAt(match[0].length) === '(') return { name, value: text.slice(match[0].length), literal: false }
    if (piece.start > 0 && !edge.test(line.charAt(piece.start - 1))) opaque.push('an assignment that does not begin where the grammar says')
    const value = wordAt(piece.start + match[0].length, piece.end, piece.children, /=/)
    return { name, value: value.value, literal: value.literal }
  }
  /** `>out more words`: the grammar hangs the words after the target on the redirection; they belong to the command. */
  const readRedirection = (piece: Piece, depth: number): { redirection: Redirection; extra: Piece[] } => {
    const parts = piece.children.filter((child) => child.type !== 'file_descriptor')
    const op = textOf(parts[0] ?? piece)
    const targets: Piece[][] = []
    for (const part of parts.slice(1)) {
      if (targets.length > 0 && targets.at(-1)?.at(-1)?.end === part.start) targets.at(-1)?.push(part)
      else targets.push([part])
    }
    const target = readWords(targets[0] ?? [], depth)[0] ?? { value: '', literal: true }
    const duplicates = op.endsWith('&') && /^\d*-?$/.test(target.value)
    const harmless = target.literal && (/^\/dev\/(?:null|stdout|stderr|fd\/[12])$/.test(target.value) || duplicates || op.endsWith('-'))
    const network = /^\/dev\/(?:tcp|udp)\//.test(target.value)
    return {
      redirection: { op, target: target.value, literal: target.literal, write: network || (op.includes('>') && !harmless) },
      extra: targets.slice(1).flat(),
    }
  }

  /** Reads a command, or what stands in its place where a line only redirects, together with redirections that the grammar hung outside of it. */
  const command = (piece: Piece, body: Piece | undefined, outside: readonly Piece[], depth: number): void => {
    const assignments: Assignment[] = []
    const redirections: Redirection[] = []
    const parts: Piece[] = []
    const take = (child: Piece): void => {
      if (child.type === 'variable_assignment') assignments.push(readAssignment(child, depth))
      else if (child.type === 'file_redirect') {
        gaps(child)
        const { redirection, extra } = readRedirection(child, depth)
        redirections.push(redirection)
        parts.push(...extra)
      } else if (child.type === 'herestring_redirect') {
        gaps(child)
        const words = readWords(
          child.children.filter((part) => part.named && part.type !== 'file_descriptor'),
          depth,
        )
        redirections.push({ op: '<<<', target: words[0]?.value ?? '', literal: words[0]?.literal ?? false, write: false })
        if (words.length > 1) opaque.push('words after a here-string')
      } else if (child.type === 'heredoc_redirect') heredoc(child)
      else parts.push(child)
    }
    const heredoc = (child: Piece): void => {
      const bad = heredocTrouble(line, child)
      if (bad || depth > 0) opaque.push(bad ?? 'a here-document inside another construction')
      for (const part of child.children) {
        if (part.type === 'file_redirect' || part.type === 'herestring_redirect') take(part)
        else if (part.type === 'heredoc_body') {
          if (!/['"]/.test(textOf(child.children.find((one) => one.type === 'heredoc_start') ?? child))) covered(part, part.start)
          dig(part, depth)
        } else if (wordLike.has(part.type)) parts.push(part)
        else if (part.named && !/^(?:heredoc_|file_descriptor$)/.test(part.type)) walk(part, depth)
      }
    }
    if (body) {
      if (body.type === 'command') gaps(body)
      body.children.forEach(take)
    }
    outside.forEach(take)
    const words = readWords(parts, depth)
    if (words[0] && reserved.has(words[0].text)) opaque.push(`the word ${words[0].text} where no command begins`)
    commands.push({ words, text: textOf(piece), assignments, redirections })
  }
  /** Between the parts of a construction there may be blanks and nothing else. */
  const gaps = (piece: Piece): void => {
    let at = piece.type === 'program' ? 0 : piece.start
    const redirects = piece.type === 'redirected_statement' && !piece.children.some((child) => child.type === 'heredoc_redirect')
    const between = redirects || oneLine.has(piece.type) ? blankInCommand : blank
    for (const child of piece.children) {
      if (child.start > at && !between.test(line.slice(at, child.start))) opaque.push('a part of it that the grammar left out')
      at = Math.max(at, child.end)
    }
    if (!blank.test(line.slice(at, piece.type === 'program' ? line.length : piece.end))) opaque.push('a part of it that the grammar left out')
  }
  const flat = (piece: Piece, depth: number, head: string): void => {
    dig(piece, depth)
    covered(piece, piece.start)
    const rest = line.slice(piece.start + head.length, piece.end).trim()
    // Only [ with plain words is read word by word: [[ evaluates what looks like names.
    const plain = head === '[' && /^[\w./=!\s-]+\]$/.test(rest)
    commands.push({
      words: [word(head, true), ...(plain ? rest.split(/\s+/).map((one) => word(one, true)) : rest === '' ? [] : [word(rest, false)])],
      text: textOf(piece),
      assignments: [],
      redirections: [],
    })
  }
  const define = (piece: Piece, depth: number): void => {
    const name = piece.children.find((child) => child.type === 'word')
    const from = commands.length
    const label = name ? textOf(name) : ''
    walkAll(
      piece.children.filter((child) => child.named && child !== name),
      depth + 1,
    )
    if (commands.slice(from).some((inner) => inner.words[0]?.value === label)) opaque.push('a function that calls itself')
    const words = [word('function', true), word(label, true)]
    commands.splice(from, 0, { words, text: textOf(piece), assignments: [], redirections: [] })
  }

  const walk = (piece: Piece, depth: number): void => {
    if (depth > deepest) {
      opaque.push('it nests too deeply')
      return
    }
    const { type, children } = piece
    if (type === 'comment') {
      const before = line.slice(Math.max(0, piece.start - 2), piece.start)
      if (depth > 0 || (before !== '' && !/[\s;&|()]$/.test(before)) || /\\[\s;&|()]$/.test(before))
        opaque.push('a comment where shells may not see one')
    } else if (type === 'command') command(piece, piece, [], depth)
    else if (type === 'redirected_statement') {
      gaps(piece)
      const body = children.find((child) => !child.type.endsWith('_redirect'))
      const outside = children.filter((child) => child !== body)
      if (body && body.type !== 'command') {
        walk(body, depth)
        const from = commands.length
        command(piece, undefined, outside, depth)
        if (commands.slice(from).some((found) => found.words.length > 0)) opaque.push('words after a redirection of a group')
      } else command(piece, body, outside, depth)
    } else if (type === 'file_redirect' || type === 'herestring_redirect') command(piece, undefined, [piece], depth)
    else if (type === 'variable_assignment')
      commands.push({ words: [], text: textOf(piece), assignments: [readAssignment(piece, depth)], redirections: [] })
    else if (type === 'declaration_command' || type === 'unset_command') {
      gaps(piece)
      commands.push({ words: readWords(children, depth), text: textOf(piece), assignments: [], redirections: [] })
    } else if (type === 'test_command') flat(piece, depth, textOf(children[0] ?? piece))
    else if (type === 'function_definition') define(piece, depth)
    else if (transparent.has(type)) {
      gaps(piece)
      if (children[0] && /^(?:\(\(|\$\[|\$\(\()$/.test(textOf(children[0]))) opaque.push('an arithmetic command')
      if (type !== 'case_item' && children.some((child) => /^;;?&?$/.test(child.type) && child.type !== ';')) opaque.push('a ;; outside of a case')
      if (type === 'command_substitution' && textOf(piece).startsWith('`') && textOf(piece).includes('\\'))
        opaque.push('a backslash inside backticks')
      if (type === 'for_statement') {
        const name = children.find((child) => child.type === 'variable_name')
        const assignments = [{ name: name ? textOf(name) : '', value: '', literal: false }]
        commands.push({ words: [], text: line.slice(piece.start, name?.end ?? piece.end), assignments, redirections: [] })
      }
      const inside = depth + (nests.has(type) ? 1 : 0)
      const values = children.filter(
        (child) => wordLike.has(child.type) && (!expansionTypes.has(child.type) || type === 'for_statement' || type.startsWith('case_')),
      )
      if (type === 'for_statement' || type.startsWith('case_')) readWords(values, inside)
      else if (values.length > 0) opaque.push('a word where a command should stand')
      walkAll(
        children.filter((child) => child.named && !values.includes(child)),
        inside,
      )
    } else {
      opaque.push(`${type.replaceAll('_', ' ')}, which is not read`)
      walkAll(
        children.filter((child) => child.named),
        depth + 1,
      )
    }
  }

  walk(root, 0)
  return { commands, opaque: [...new Set(opaque)] }
}
