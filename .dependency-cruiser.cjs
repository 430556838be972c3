// Which folder may import which: the same as the table in ARCHITECTURE.md. `npm run check` enforces it.

/** Folders of src, and what each may import besides itself. */
const LAYERS = {
  host: [],
  isa: [],
  lang: ['isa'],
  packet: ['host', 'isa'],
  ebpf: [],
  translate: ['ebpf'],
  ffi: [],
  kernel: ['host', 'ffi', 'ebpf'],
  state: ['isa', 'lang', 'ebpf', 'packet', 'kernel'],
  hook: ['isa', 'ebpf', 'kernel', 'state'],
  subsystems: ['isa', 'hook', 'kernel', 'state', 'cpufreq'],
  named: ['host', 'isa', 'ebpf', 'packet', 'kernel', 'state', 'hook', 'subsystems'],
  cpufreq: ['host', 'isa', 'state', 'kernel', 'hook'],
  serve: ['host', 'ffi', 'lang', 'state', 'kernel', 'hook', 'subsystems', 'named'],
  cli: [
    'host',
    'isa',
    'lang',
    'state',
    'packet',
    'kernel',
    'hook',
    'subsystems',
    'named',
    'cpufreq',
    'serve',
  ],
}

/** Packages of node_modules that a folder may import; the others import none. */
const PACKAGES = {
  packet: ['cli-table3'],
  cpufreq: ['cli-table3', 'vega'],
  ffi: ['koffi'],
  serve: ['prom-client'],
  cli: ['commander', 'cli-table3'],
}

const FIXTURES = '\\.fixture\\.ts$'
const TESTS = `\\.test\\.ts$|${FIXTURES}`

/**
 * Where programs begin; bench/values and its machine are run by hand, and the reference interpreter serves
 * tests.
 */
const ENTRIES =
  '^src/(index|cli/main|ebpf/interpreter|state/compile-worker)\\.ts$|^tools/[^/]+$|^bench/(run|call-hook|fuel|longest|governor)\\.ts$|^bench/net/(run|flood|hold-filter|queue-filter)\\.ts$|^bench/values/'

const layering = Object.entries(LAYERS).map(([folder, allowed]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder} imports ${allowed.length > 0 ? `only ${allowed.join(', ')}` : 'no other folder'} of src`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: TESTS },
  to: { path: '^(src|tools|bench|test|vm)/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
}))

const packages = Object.keys(LAYERS).map((folder) => ({
  name: `${folder}-packages`,
  comment: `src/${folder} imports ${PACKAGES[folder]?.join(', ') ?? 'no package'}`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: TESTS },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
    ...(PACKAGES[folder] ? { pathNot: `node_modules/(${PACKAGES[folder].join('|')})/` } : {}),
  },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layering,
    ...packages,
    {
      name: 'index-imports',
      comment: 'the programming interface is made of these',
      severity: 'error',
      from: { path: '^src/index\\.ts$' },
      to: {
        path: '^(src|tools|bench|test|vm)/',
        pathNot: '^src/(lang|state|kernel|hook|subsystems|named|serve)/',
      },
    },
    {
      name: 'no-process',
      comment:
        "the library leaves the process to whoever uses it: arguments, environment and exit are the command's",
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/cli/', TESTS] },
      to: { path: '^(node:)?(process|console)$' },
    },
    {
      name: 'no-circular',
      comment: 'data flows one way; only a type may point back, where one class is spread over files',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'what no entry point reaches is dead; fixtures are reached from tests',
      severity: 'error',
      from: { path: ENTRIES },
      to: { path: '^(src|tools|bench)/', pathNot: [TESTS, ENTRIES, '\\.d\\.ts$'], reachable: false },
    },
    {
      name: 'no-orphan-fixtures',
      comment: 'a fixture that no test uses is dead',
      severity: 'error',
      from: { path: '\\.test\\.ts$' },
      to: { path: FIXTURES, reachable: false },
    },
    {
      name: 'unresolvable',
      comment: 'an import that leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'tests-stay-outside',
      comment: 'nothing but tests imports tests and their fixtures',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { path: TESTS },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // the machine of bench/values is AssemblyScript, whose imports have no extension
    exclude: { path: '^dist/|^bench/values/machine/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
