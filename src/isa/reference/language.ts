/** The libraries of Lua that work on everything: basic functions, coroutines, debug. */
import type { LibraryEntry } from './entry.ts'

export const BASE: LibraryEntry = {
  text: 'The basic functions.',
  functions: {
    assert: [
      '(v: any, message?: any, ...: any): any',
      'Returns its arguments, or raises the message if v is false or nil.',
    ],
    collectgarbage: [
      '(option?: string, ...: integer): any',
      'Collects garbage, or does what the option says: "collect", "count" (KiB), "step" (KiB), "stop", "restart", "isrunning", "setpause" and "setstepmul" (percent), "incremental" (pause, step multiplier, step size), "generational" (two numbers, without effect).',
    ],
    error: [
      '(message?: any, level?: integer)',
      'Raises an error; the level says whose position is put before a message that is a string.',
    ],
    getmetatable: ['(object: any): any', 'The metatable of a value, or its field __metatable.'],
    dofile: ['(path: string): any', 'Runs a file; its results.'],
    ipairs: ['(t: table): function, table, integer', 'Iterates over t[1], t[2], … up to the first nil.'],
    load: [
      '(chunk: string|function, chunkname?: string, mode?: string, env?: table): function|nil, string?',
      "Compiles a text, or the pieces that a function returns; nil and a message if it can't.",
    ],
    loadfile: [
      '(path: string, mode?: string, env?: table): function|nil, string?',
      "Compiles a file; nil and a message if it can't.",
    ],
    next: [
      '(t: table, index?: any): any, any',
      'The field after an index, or the first one; nil after the last.',
    ],
    pairs: [
      '(t: any): function, any, any',
      'Iterates over all fields of a table, or as its metamethod __pairs says.',
    ],
    pcall: [
      '(f: any, ...: any): boolean, any',
      'Calls a function; true and its results, or false and the error.',
    ],
    print: [
      '(...: any)',
      'Writes its arguments as text, with tabs between them, to the output of the state.',
    ],
    rawequal: ['(a: any, b: any): boolean', 'Whether two values are the same, without metamethods.'],
    rawget: ['(t: table, index: any): any', 'A field, without metamethods.'],
    rawlen: ['(v: table|string): integer', 'The length, without metamethods.'],
    rawset: [
      '(t: table, index: any, value: any): table',
      'Sets a field, without metamethods; returns the table.',
    ],
    require: [
      '(name: string): any, any',
      'The value of a module, which is found by package.searchers and run when it is asked for first.',
    ],
    select: [
      '(index: integer|string, ...: any): any',
      'The arguments from an index on, or with "#" how many there are.',
    ],
    setmetatable: [
      '(t: table, metatable: table|nil): table',
      'Sets or takes away the metatable of a table; returns the table.',
    ],
    tonumber: [
      '(v: any, base?: integer): integer|nil',
      'The integer that a value or a text in a base stands for, or nil.',
    ],
    tostring: ['(v: any): string', 'A text for any value, with the metamethods __tostring and __name.'],
    type: ['(v: any): string', 'The type of a value.'],
    warn: ['(message: string, ...: string)', 'Writes a warning; "@on" and "@off" turn warnings on and off.'],
    xpcall: [
      '(f: any, handler: function, ...: any): boolean, any',
      'Calls a function; errors go through the handler, which sees the stack of the error.',
    ],
  },
  values: {
    _G: { type: 'table', text: 'The table of globals.' },
    _VERSION: { type: 'string', text: 'The version of the language: "Lua 5.4".' },
  },
}

export const COROUTINE: LibraryEntry = {
  text: 'Coroutines. Functions may yield from everywhere, also from callbacks of library functions.',
  functions: {
    close: [
      '(co: thread): boolean, any',
      'Ends a coroutine that is suspended or dead, and closes its variables; false and the error if that fails.',
    ],
    create: ['(f: function): thread', 'A new coroutine, suspended.'],
    isyieldable: ['(co?: thread): boolean', 'Whether a coroutine, or the running one, can yield.'],
    resume: [
      '(co: thread, ...: any): boolean, any',
      'Goes on with a coroutine; true and what it yields or returns, or false and the error.',
    ],
    running: ['(): thread, boolean', 'The running coroutine, and whether it is the main one.'],
    status: ['(co: thread): string', '"running", "suspended", "normal" or "dead".'],
    wrap: ['(f: function): function', 'A function that resumes a new coroutine and passes on its errors.'],
    yield: ['(...: any): any', 'Suspends the running coroutine; returns what it is resumed with.'],
  },
}

export const PACKAGE: LibraryEntry = {
  text: 'Modules: the tables `loaded`, `preload` and `searchers`, and where files of modules are looked for.',
  functions: {
    searchpath: [
      '(name: string, path: string, sep?: string, rep?: string): string|nil, string?',
      'The first file of a path that can be read; nil and a message if there is none.',
    ],
  },
  values: {
    path: { type: 'string', text: 'Templates of file names, with `?` for the name of the module.' },
    config: { type: 'string', text: 'The characters that paths are made of, each on a line.' },
  },
}

export const DEBUG: LibraryEntry = {
  text: 'What running functions and their variables are.',
  functions: {
    gethook: [
      '(thread?: thread): function|nil, string, integer',
      'The hook of a coroutine, its events and its count.',
    ],
    getinfo: [
      '(thread_or_f: any, f_or_what?: any, what?: string): table|nil',
      'What is known of a function or of a level of the stack.',
    ],
    getlocal: [
      '(thread_or_f: any, level_or_n: any, n?: integer): string|nil, any',
      'Name and value of a local variable.',
    ],
    getmetatable: ['(v: any): table|nil', 'The metatable of any value, whatever __metatable says.'],
    sethook: [
      '(thread_or_hook?: any, hook_or_mask?: any, mask_or_count?: any, count?: integer)',
      'Sets a function that is called at calls (c), returns (r) or new lines (l), or every so many instructions.',
    ],
    getregistry: ['(): table', 'The registry of the state.'],
    getupvalue: ['(f: function, n: integer): string|nil, any', 'Name and value of an upvalue.'],
    setlocal: [
      '(thread_or_level: any, level_or_n: any, n_or_value: any, value?: any): string|nil',
      'Sets a local variable; returns its name.',
    ],
    setmetatable: [
      '(v: any, metatable: table|nil): any',
      'Sets the metatable of any value, for values that are no tables of their whole type.',
    ],
    setupvalue: ['(f: function, n: integer, value: any): string|nil', 'Sets an upvalue; returns its name.'],
    traceback: [
      '(thread_or_message?: any, message_or_level?: any, level?: integer): any',
      'A text with the calls under way; a message that is no text comes back as it is.',
    ],
    upvalueid: [
      '(f: function, n: integer): any',
      'What tells an upvalue from others: functions that share it get the same.',
    ],
    upvaluejoin: [
      '(f1: function, n1: integer, f2: function, n2: integer)',
      'Makes an upvalue of f1 share that of f2.',
    ],
  },
}
