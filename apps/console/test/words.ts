import ts from 'typescript'

/** Attributes whose text a person reads or hears. */
const spoken = new Set([
  'aria-label',
  'aria-description',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
  'title',
  'placeholder',
  'alt',
  'label',
  'about',
  'hint',
])
/** Operators that hand one of their sides, or both, on. */
const joins = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
])
/** A single letter is the name of a key, as is all that stands in a `kbd`. */
const hasWord = (text: string) => /\p{L}{2}/u.test(text)
const isKey = ({ parent }: ts.Node) => ts.isJsxElement(parent) && parent.openingElement.tagName.getText() === 'kbd'

/** The texts that an expression can come to, as far as they are written in it. */
function* textsOf(node: ts.Expression): Generator<ts.Node & { readonly text: string }> {
  if (ts.isStringLiteralLike(node)) yield node
  else if (ts.isTemplateExpression(node)) yield* [node.head, ...node.templateSpans.map(({ literal }) => literal)]
  else if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) yield* textsOf(node.expression)
  else if (ts.isConditionalExpression(node)) yield* [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)]
  else if (ts.isBinaryExpression(node) && joins.has(node.operatorToken.kind)) yield* [...textsOf(node.left), ...textsOf(node.right)]
}
/** Words that stand in the JSX of a file instead of in the catalogue: `line: text`. */
export function wordsIn(file: string, source: string): string[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const found: string[] = []
  const note = (node: ts.Node, text: string) => {
    if (hasWord(text)) found.push(`${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${text.trim()}`)
  }
  const noteTexts = (expression: ts.Expression | undefined) => {
    for (const text of expression === undefined ? [] : textsOf(expression)) note(text, text.text)
  }
  const visit = (node: ts.Node) => {
    if (ts.isJsxText(node) && !isKey(node)) note(node, node.text)
    else if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) noteTexts(node.expression)
    else if (ts.isJsxAttribute(node) && spoken.has(node.name.getText()) && node.initializer)
      noteTexts(
        ts.isJsxExpression(node.initializer) ? node.initializer.expression : ts.isStringLiteral(node.initializer) ? node.initializer : undefined,
      )
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}
