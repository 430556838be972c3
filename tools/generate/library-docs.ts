/** docs/libraries.md: every function of every library. */
import { BASIC, type FunctionEntry, type LibraryEntry, REFERENCE } from '../../src/isa/reference/index.ts'
import { callText, parseSignature } from './signature.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')

function rows(functions: Readonly<Record<string, FunctionEntry>>, prefix: string): string[] {
  return Object.entries(functions).map(([name, [signature, text]]) => {
    const parsed = parseSignature(signature)
    return `| \`${callText(prefix + name, parsed)}\` | ${cell(parsed.results.join(', '))} | ${cell(text)} |`
  })
}

function section(library: string, entry: LibraryEntry): string {
  const prefix = library === BASIC ? '' : `${library}.`
  const lines = [`## ${library === BASIC ? 'Basic functions' : library}`, '', entry.text, '']
  if (entry.module) lines.push(`Scripts get it by \`local ${library} = require '${library}'\`.`, '')
  lines.push('| | gives | |', '|---|---|---|', ...rows(entry.functions, prefix))
  for (const [name, { type, text }] of Object.entries(entry.values ?? {}))
    lines.push(`| \`${prefix}${name}\` | ${type} | ${cell(text)} |`)
  for (const [name, { text, fields, methods }] of Object.entries(entry.classes ?? {})) {
    if (Object.keys(fields).length + Object.keys(methods).length === 0) continue
    lines.push('', `\`${name}\`: ${text}`, '', '| | gives | |', '|---|---|---|', ...rows(methods, 'value:'))
    for (const [field, { type, text: about }] of Object.entries(fields))
      lines.push(
        `| \`value${field === '[string]' ? '[name]' : `.${field}`}\` | ${cell(type)} | ${cell(about)} |`,
      )
  }
  if (entry.callbacks) {
    lines.push('', 'The script defines:', '', '| | gives | |', '|---|---|---|', ...rows(entry.callbacks, ''))
  }
  return lines.join('\n')
}

export const generateLibraryDocs = (): string => `# Libraries

Generated from src/isa/reference. How the language differs from Lua 5.4 is in [language](language.md); more on
[data](data.md), and on [cpufreq, acpi and cpu](cpufreq.md), which only scripts of that hook have. Parameters in
brackets can be left out.

${Object.entries(REFERENCE)
  .map(([library, entry]) => section(library, entry))
  .join('\n\n')}

## In an editor

The folder \`lua/library\` of the package has definitions for editors with the
[Lua language server](https://luals.github.io): completion, types, and warnings about what a state doesn't have. In a
project, name it in \`.luarc.json\`, and switch off what the server knows of floats, files and processes:

\`\`\`json
{
  "runtime.version": "Lua 5.4",
  "runtime.builtin": {
    "basic": "disable", "coroutine": "disable", "debug": "disable", "io": "disable", "math": "disable",
    "os": "disable", "package": "disable", "string": "disable", "table": "disable", "utf8": "disable"
  },
  "workspace.library": ["node_modules/moonring/lua/library"]
}
\`\`\`

In a checkout the path is that of its \`lua/library\`. Give a packet filter its type in the line before it:
\`---@type moonring.filter\`.
`
