/**
 * The abstract syntax tree: what the parser makes of the tokens, the resolver completes (the fields that
 * it fills in are marked) and the code generator reads. Strings have one char per byte.
 *
 * Chains that scripts may make very long (`a .. b .. c`, `a and b and c`, elseif) are lists here;
 * operators and suffixes lean left, so that passes can follow their spine in a loop.
 */

import type { Position } from './source.ts'

// ---- variables and functions ----

export type Attribute = 'const' | 'close'

/** A local variable or parameter: its declaration, to which every use of it refers. */
export interface LocalVariable extends Position {
  readonly name: string
  readonly attribute?: Attribute | undefined
  /** Resolver: an inner function uses it. */
  captured: boolean
  /** Resolver: it is assigned to after its declaration. */
  assigned: boolean
  /** Resolver: something uses its value. */
  used: boolean
  /** Resolver: the variable in scope that has the same name. */
  hides?: LocalVariable
  /** Resolver: a `<const>` whose value is known, which therefore needs no register. */
  constant?: Constant
}

/** A variable as a function reaches it. */
export type VariableReference =
  | { readonly kind: 'local'; readonly variable: LocalVariable }
  | { readonly kind: 'upvalue'; readonly index: number; readonly variable?: LocalVariable }

/** The table of the globals: the variable `_ENV`, or the value of one that is a compile-time constant. */
export type Environment = VariableReference | { readonly kind: 'constant'; readonly value: Constant }

/** What a name means. A global is a field of its environment. */
export type Reference = VariableReference | { readonly kind: 'global'; readonly env: Environment }

/** An upvalue of a function: a local of the enclosing function, or an upvalue of that. */
export interface Upvalue {
  readonly name: string
  readonly source: { readonly local: LocalVariable } | { readonly upvalue: number }
}

export interface FunctionBody extends Position {
  readonly parameters: LocalVariable[]
  readonly vararg: boolean
  readonly block: Block
  /** Line of its `end`; 0 for the main function. */
  readonly lastLine: number
  /** The token after the function, where the reference checks labels and constants. */
  readonly next: TokenPlace
  /** Resolver. The main function has one, `_ENV`. */
  upvalues: Upvalue[]
}

/** Where a token is that the reference has reached when it finds an error. */
export interface TokenPlace {
  readonly offset: number
  readonly line: number
}

export interface Block {
  readonly statements: Statement[]
  /** Line of its last token, which the reference notes for what follows the last statement. */
  readonly lastLine: number
}

// ---- expressions ----

export type Constant = NilExpression | BooleanExpression | IntegerExpression | StringExpression

export type Expression =
  | Constant
  | VarargExpression
  | FunctionExpression
  | NameExpression
  | IndexExpression
  | CallExpression
  | MethodCallExpression
  | ParenExpression
  | UnaryExpression
  | BinaryExpression
  | LogicalExpression
  | ConcatExpression
  | TableExpression

/** What leaves an expression before its end. */
export interface Exits {
  /** A value that counts as true does, somewhere. */
  readonly true: boolean
  /** One that counts as false does. */
  readonly false: boolean
  /** How the value at the end counts, where the reference knows. */
  readonly known?: boolean
}

interface ExpressionNode extends Position {
  /** Resolver: of chains of `and` and `or`, and of what is left of one. */
  exits?: Exits
}

export interface NilExpression extends ExpressionNode {
  readonly kind: 'Nil'
}

export interface BooleanExpression extends ExpressionNode {
  readonly kind: 'Boolean'
  readonly value: boolean
}

/** `value` is in -2^63 … 2^63-1. */
export interface IntegerExpression extends ExpressionNode {
  readonly kind: 'Integer'
  readonly value: bigint
}

export interface StringExpression extends ExpressionNode {
  readonly kind: 'String'
  readonly value: string
}

export interface VarargExpression extends ExpressionNode {
  readonly kind: 'Vararg'
}

export interface FunctionExpression extends ExpressionNode {
  readonly kind: 'Function'
  readonly body: FunctionBody
}

export interface NameExpression extends ExpressionNode {
  readonly kind: 'Name'
  readonly name: string
  /** Resolver. */
  reference?: Reference
}

/** `object[key]`; `object.name` has a String as its key. */
export interface IndexExpression extends ExpressionNode {
  readonly kind: 'Index'
  object: Expression
  key: Expression
}

export interface CallExpression extends ExpressionNode {
  readonly kind: 'Call'
  callee: Expression
  arguments: Expression[]
}

export interface MethodCallExpression extends ExpressionNode {
  readonly kind: 'MethodCall'
  object: Expression
  readonly method: string
  arguments: Expression[]
}

/** Kept by the resolver only around what may have several values. */
export interface ParenExpression extends ExpressionNode {
  readonly kind: 'Paren'
  inner: Expression
}

export type UnaryOperator = '-' | '~' | '#' | 'not'

/** The position of an operator expression is that of its operator. */
export interface UnaryExpression extends ExpressionNode {
  readonly kind: 'Unary'
  readonly operator: UnaryOperator
  operand: Expression
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '^' | '&' | '|' | '~' | '<<' | '>>'
export type ComparisonOperator = '==' | '~=' | '<' | '<=' | '>' | '>='
export type BinaryOperator = ArithmeticOperator | ComparisonOperator

export interface BinaryExpression extends ExpressionNode {
  readonly kind: 'Binary'
  readonly operator: BinaryOperator
  left: Expression
  right: Expression
}

/** `a and b and …` or `a or b or …`, at least two. */
export interface LogicalExpression extends ExpressionNode {
  readonly kind: 'Logical'
  readonly operator: 'and' | 'or'
  operands: Expression[]
}

/** `a .. b .. …`, at least two; the position is that of the last operator. */
export interface ConcatExpression extends ExpressionNode {
  readonly kind: 'Concat'
  operands: Expression[]
}

export interface TableExpression extends ExpressionNode {
  readonly kind: 'Table'
  readonly fields: TableField[]
}

/** Without a key: the next element of the list. */
export interface TableField extends Position {
  key?: Expression
  value: Expression
}

// ---- statements ----

export type Statement =
  | LocalStatement
  | AssignStatement
  | CallStatement
  | DoStatement
  | WhileStatement
  | RepeatStatement
  | IfStatement
  | NumericForStatement
  | GenericForStatement
  | FunctionStatement
  | LocalFunctionStatement
  | ReturnStatement
  | BreakStatement
  | GotoStatement
  | LabelStatement

export interface LocalStatement extends Position {
  readonly kind: 'Local'
  readonly variables: LocalVariable[]
  values: Expression[]
  /** Line on which the statement ends. */
  readonly lastLine: number
}

export type AssignTarget = NameExpression | IndexExpression

export interface AssignStatement extends Position {
  readonly kind: 'Assign'
  readonly targets: AssignTarget[]
  values: Expression[]
  /** Line on which the statement ends, which the reference notes for its stores. */
  readonly lastLine: number
}

export interface CallStatement extends Position {
  readonly kind: 'CallStatement'
  readonly call: CallExpression | MethodCallExpression
}

export interface DoStatement extends Position {
  readonly kind: 'Do'
  readonly body: Block
}

export interface WhileStatement extends Position {
  readonly kind: 'While'
  condition: Expression
  readonly body: Block
}

export interface RepeatStatement extends Position {
  readonly kind: 'Repeat'
  readonly body: Block
  condition: Expression
}

export interface IfStatement extends Position {
  readonly kind: 'If'
  readonly clauses: IfClause[]
  readonly otherwise?: Block | undefined
}

export interface IfClause extends Position {
  condition: Expression
  /** Line of `then`, which the reference notes for the test of a value. */
  readonly thenLine: number
  readonly body: Block
}

export interface NumericForStatement extends Position {
  readonly kind: 'NumericFor'
  readonly variable: LocalVariable
  start: Expression
  limit: Expression
  step?: Expression | undefined
  readonly body: Block
  /** Line of `do`, which the reference notes for the loop's preparation. */
  readonly bodyLine: number
}

export interface GenericForStatement extends Position {
  readonly kind: 'GenericFor'
  readonly variables: LocalVariable[]
  values: Expression[]
  readonly body: Block
  /** Lines of what follows `in`, which the reference notes for calls of the iterator, and of `do`. */
  readonly callLine: number
  readonly bodyLine: number
}

/** `function a.b.c:m () … end`; for a method, `body` has the parameter `self`. */
export interface FunctionStatement extends Position {
  readonly kind: 'FunctionStatement'
  readonly target: AssignTarget
  readonly body: FunctionBody
}

export interface LocalFunctionStatement extends Position {
  readonly kind: 'LocalFunction'
  readonly variable: LocalVariable
  readonly body: FunctionBody
}

export interface ReturnStatement extends Position {
  readonly kind: 'Return'
  values: Expression[]
}

export interface BreakStatement extends Position {
  readonly kind: 'Break'
}

export interface GotoStatement extends Position {
  readonly kind: 'Goto'
  readonly label: string
  /** Resolver. */
  target?: LabelStatement
}

export interface LabelStatement extends Position {
  readonly kind: 'Label'
  readonly name: string
  /** The token after the label and the labels and semicolons that follow it. */
  next: TokenPlace
  /** Nothing but labels and semicolons follow it in its block: locals of the block have ended there. */
  last: boolean
}
