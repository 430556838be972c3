/**
 * Finds plain arithmetic on numbers that scripts choose. Such a number may be any of 64 bits: a sum wraps, and a cast to
 * 32 bits drops the rest, so that a size becomes negative or an offset points elsewhere. The rules:
 *
 * 1. A number is a script's if it comes from one of SOURCES, if it is computed from such a number, or if it is a parameter
 *    that some call gives such a number.
 * 2. `+`, `-`, `*` and `<<` on it, and casts to 32 bits, are refused. What a cast returns is not looked at again.
 * 3. What a function of vm/assembly/checked.ts returns is no script's number any more. Nor is what another function
 *    returns: that function is looked at itself.
 * 4. A line is exempt if it, or the line above, says why nothing can go wrong: `// in range: …` where the code has
 *    proved the range, `// a value: …` where Lua's own wrapping arithmetic or the low bits are wanted.
 *    What such a line declares is no script's number either.
 */
import { posix } from 'node:path'
import ts from 'typescript'

/** The functions with checked arithmetic. */
export const CHECKED_FILE = 'vm/assembly/checked.ts'
/** Functions that return what a script has given. */
const SOURCES: ReadonlySet<string> = new Set(['integerArgument', 'optionalInteger'])
/** The same in library functions. Elsewhere it is Lua's own arithmetic, which wraps. */
const LIBRARY_SOURCE = 'integerOf'
const LIBRARY = 'vm/assembly/lib/'
/** Files whose functions take values of Lua, for which any 64 bits are right. */
const OF_VALUES: ReadonlySet<string> = new Set(
  ['value', 'number', 'table'].map((name) => `vm/assembly/${name}.ts`),
)
const OPERATORS: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.PlusToken, '+'],
  [ts.SyntaxKind.MinusToken, '-'],
  [ts.SyntaxKind.AsteriskToken, '*'],
  [ts.SyntaxKind.LessThanLessThanToken, '<<'],
])
const ASSIGNING: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.PlusEqualsToken, '+='],
  [ts.SyntaxKind.MinusEqualsToken, '-='],
  [ts.SyntaxKind.AsteriskEqualsToken, '*='],
  [ts.SyntaxKind.LessThanLessThanEqualsToken, '<<='],
])
/** Operators whose result says nothing of the number's size. */
const COMPARISONS = /^(==|!=|===|!==|<|>|<=|>=|&&|\|\|)$/
const NARROW: ReadonlySet<string> = new Set(['i32', 'u32', 'usize', 'isize'])
/** Casts that keep all 64 bits. */
const WIDE: ReadonlySet<string> = new Set(['i64', 'u64'])
const EXEMPTION = /\/\/ (in range|a value): \S/

interface Source {
  /** Path, for findings. */
  readonly name: string
  readonly text: string
}

/** The parameters that get scripts' numbers, by position; of functions, by `file:name`. */
type Given = Map<string, Set<number>>

/** A file with what its names stand for. */
interface File {
  readonly tree: ts.SourceFile
  readonly lines: readonly string[]
  /** File of each imported name. */
  readonly imports: ReadonlyMap<string, string>
}

function parse({ name, text }: Source): File {
  const tree = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, false)
  const imports = new Map<string, string>()
  for (const statement of tree.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue
    const from = `${posix.join(posix.dirname(name), statement.moduleSpecifier.text)}.ts`
    const names = statement.importClause?.namedBindings
    if (names && ts.isNamedImports(names))
      for (const element of names.elements) imports.set(element.name.text, from)
  }
  return { tree, lines: text.split('\n'), imports }
}

/** Looks at one function: its variables that hold scripts' numbers, and what is done with them. */
class FunctionScan {
  readonly findings: string[] = []
  readonly #numbers = new Set<string>()
  readonly #file: ts.SourceFile
  readonly #lines: readonly string[]
  readonly #imports: ReadonlyMap<string, string>
  readonly #given: Given
  /** A call gives a script's number to a parameter that was not known to get one. */
  isNew = false

  constructor({ tree, lines, imports }: File, given: Given) {
    this.#file = tree
    this.#lines = lines
    this.#imports = imports
    this.#given = given
  }

  run(declaration: ts.FunctionDeclaration): void {
    const given = this.#given.get(`${this.#file.fileName}:${declaration.name?.text}`)
    declaration.parameters.forEach(({ name }, i) => {
      if (given?.has(i)) this.#numbers.add(name.getText(this.#file))
    })
    if (!declaration.body) return
    // a variable may be assigned below its first use, in a loop: twice is enough for chains of two, and there are no longer ones
    for (let round = 0; round < 2; round++) {
      this.findings.length = 0
      this.#visit(declaration.body)
    }
  }

  #isExempt(node: ts.Node): boolean {
    const { line } = this.#file.getLineAndCharacterOfPosition(node.getStart(this.#file))
    const above = this.#lines[line - 1] ?? ''
    return EXEMPTION.test(this.#lines[line] ?? '') || (/^\s*\/\//.test(above) && EXEMPTION.test(above))
  }

  #refuse(node: ts.Node, what: string): void {
    if (this.#isExempt(node)) return
    const { line } = this.#file.getLineAndCharacterOfPosition(node.getStart(this.#file))
    this.findings.push(
      `${this.#file.fileName}:${line + 1}: ${what} on a number that a script chooses, ${node.getText(this.#file)}: use vm/assembly/checked.ts`,
    )
  }

  /** Is the expression's value a script's number? */
  #isNumber(node: ts.Expression): boolean {
    if (ts.isIdentifier(node)) return this.#numbers.has(node.text)
    if (ts.isParenthesizedExpression(node)) return this.#isNumber(node.expression)
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
      return node.operator !== ts.SyntaxKind.ExclamationToken && this.#isNumber(node.operand)
    if (ts.isConditionalExpression(node))
      return this.#isNumber(node.whenTrue) || this.#isNumber(node.whenFalse)
    if (ts.isBinaryExpression(node)) {
      if (COMPARISONS.test(node.operatorToken.getText(this.#file))) return false
      return this.#isNumber(node.left) || this.#isNumber(node.right)
    }
    if (!ts.isCallExpression(node)) return false
    const callee = node.expression.getText(this.#file)
    if (SOURCES.has(callee)) return true
    if (callee === LIBRARY_SOURCE) return this.#file.fileName.startsWith(LIBRARY)
    return WIDE.has(callee) && node.arguments[0] !== undefined && this.#isNumber(node.arguments[0])
  }

  #visit(node: ts.Node): void {
    if (ts.isVariableDeclaration(node) && node.initializer && ts.isIdentifier(node.name))
      this.#assign(node.name, node.initializer)
    else if (ts.isBinaryExpression(node)) this.#binary(node)
    else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
      if (this.#isNumber(node.operand)) this.#refuse(node, '-')
    } else if (ts.isCallExpression(node)) this.#call(node)
    ts.forEachChild(node, (child) => this.#visit(child))
  }

  #assign(name: ts.Identifier, value: ts.Expression): void {
    if (this.#isNumber(value) && !this.#isExempt(value)) this.#numbers.add(name.text)
  }

  #binary(node: ts.BinaryExpression): void {
    const { kind } = node.operatorToken
    const operator = OPERATORS.get(kind) ?? ASSIGNING.get(kind)
    if (operator && (this.#isNumber(node.left) || this.#isNumber(node.right))) this.#refuse(node, operator)
    const assigns = kind === ts.SyntaxKind.EqualsToken || ASSIGNING.has(kind)
    if (assigns && ts.isIdentifier(node.left)) this.#assign(node.left, node.right)
  }

  #call(node: ts.CallExpression): void {
    const callee = node.expression.getText(this.#file)
    node.arguments.forEach((argument, i) => {
      if (!this.#isNumber(argument)) return
      if (NARROW.has(callee)) this.#refuse(node, `${callee}()`)
      else if (!this.#isExempt(argument)) this.#give(callee, i)
    })
  }

  #give(callee: string, i: number): void {
    const file = this.#imports.get(callee) ?? this.#file.fileName
    if (OF_VALUES.has(file)) return
    const key = `${file}:${callee}`
    const given = this.#given.get(key) ?? new Set()
    if (given.has(i)) return
    this.#given.set(key, given.add(i))
    this.isNew = true
  }
}

/** All findings in these files, which together are the VM. */
export function findScriptNumbers(sources: readonly Source[]): string[] {
  const given: Given = new Map()
  const files = sources.filter(({ name }) => name !== CHECKED_FILE).map(parse)
  for (;;) {
    let isNew = false
    const findings = new Set<string>()
    for (const file of files)
      for (const statement of file.tree.statements) {
        if (!ts.isFunctionDeclaration(statement)) continue
        const scan = new FunctionScan(file, given)
        scan.run(statement)
        isNew ||= scan.isNew
        for (const finding of scan.findings) findings.add(finding)
      }
    if (!isNew) return [...findings]
  }
}
