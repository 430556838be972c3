/**
 * The dry run is the real run: a script decides on packets, and changes them, in user space as it does in the kernel, and
 * the same is counted.
 */
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EDGES } from '../tools/fuzz/argument-cases.ts'
import { Random } from '../tools/fuzz/random.ts'
import { capturedFrames, damaged, FRAMES } from '../tools/packets/packet-corpus.ts'
import { PacketPaths } from '../tools/packets/packet-paths.ts'
import { NamedStatesFixture } from './named-states.fixture.ts'
import { describeOnNetwork, makeNetwork, PATIENCE } from './network.fixture.ts'

const HOOKS = ['tc/ingress', 'xdp', 'netfilter/local-in'] as const
/** Damaged packets for each script and hook; more with MOONRING_PACKETS=100000. */
const COUNT = Number(process.env.MOONRING_PACKETS ?? 100)
/** The first seed. */
const SEED = Number(process.env.MOONRING_SEED ?? 1)

/** What a script sees, as a number that all of it goes into. */
const DIGEST = `
  seen = 0
  local function note(n) seen = (seen * 1000003 + n) & 0xffffffffffff end
  local function take(block)
    if not block then return note(-1) end
    note(#block)
    local text = tostring(block)
    for i = 1, #text, 61 do note(text:byte(i)) end
    note(block:sum())
  end`

interface Case {
  readonly script: string
  /** Whether it changes packets: not in netfilter. */
  readonly writes?: true
}

const CASES: Readonly<Record<string, Case>> = {
  'reads everything': {
    script: `${DIGEST}
      function filter(hdr, pld, pkt, ...)
        take(hdr) take(pld) take((...))
        note(pkt.length) note(pkt.protocol) note(pkt.rule) note(pkt.vlan)
        local part, protocol = hdr:transport()
        take(part) note(protocol or -2)
        return seen % 5 ~= 0
      end`,
  },
  'reads from the end': {
    script: `${DIGEST}
      local last = data.layout { word = { 0, 32 }, odd = { 3, 13 }, text = { 5, 3, 'string' } }
      function filter(hdr, pld)
        for at = #pld - 8, 0, -97 do
          local part = pld:segment(at):layout(last)
          note(part.word or 1) note(part.odd or 2) note(#(part.text or ''))
        end
        note(pld:segment(#pld) and 3 or 4)
      end`,
  },
  'rewrites addresses and ports': {
    writes: true,
    script: `
      local new = ('\\xfd'):rep(8) .. ('\\1'):rep(8)
      function filter(hdr)
        local is6 = hdr:layout { version = { 0, 4 } }.version == 6
        for what = 0, 1 do hdr:rewrite(what, is6 and new or 0xc0000201 + what) end
        hdr:rewrite(2, 61234)
        return hdr:rewrite(3, 0) or nil
      end`,
  },
  'writes fields and seals': {
    writes: true,
    script: `
      local layout = data.layout { first = { 0, 8 }, bits = { 61, 13 }, far = { 1000, 16, 'number', 'little' }, text = { 3, 9, 'string' } }
      function filter(hdr, pld, pkt, eth)
        eth:layout { source = { 6, 6, 'string' } }.source = 'moonri'
        pld:layout(layout)
        pld.first, pld.bits, pld.far, pld.text = 0xff, 0x1555, 0xbeef, 'abcdefghi'
        local last = pld:segment(#pld > 70 and #pld - 70 or 0)
        if last then last:layout(layout) last.text = 'end' end
        hdr:layout { ttl = { 64, 8 } }.ttl = 3
        hdr:seal(pld)
        pkt.mark = 77
      end`,
  },
  resizes: {
    writes: true,
    script: `
      local layout = data.layout { a = { 0, 64 } }
      function filter(hdr, pld, pkt)
        local n = #pld
        local was = n > 8 and pld:layout(layout).a or 0
        if n % 2 == 0 then
          pld = pld:resize(n // 2)
          pld = pld:resize(n // 2 + 9)
        else pld = pld:resize(n + 70) end
        pld:layout(layout).a = ~was
        hdr:seal(pld)
        return pkt.length % 7 ~= 0
      end`,
  },
  'calls methods with numbers from the edges of 32 and 64 bits': {
    writes: true,
    script: `${DIGEST}
      local edges = { ${EDGES.join(', ')} }
      n = 0
      local function try(block, method, ...)
        local fine, value = pcall(block[method], block, ...)
        note(fine and math.tointeger(value) or fine and 1 or -3)
        return fine and value
      end
      function filter(hdr, pld)
        n = n + 1
        local edge, other = edges[n % #edges + 1], edges[n // #edges % #edges + 1]
        try(hdr, 'segment', edge, other)
        try(hdr, 'sum', edge)
        try(hdr, 'rewrite', edge, other)
        try(hdr, 'rewrite', n % 4, edge)
        hdr:layout { length = { 16, 16 } }.length = edge
        try(hdr, 'seal', edge)
        local resized = try(pld, 'resize', edge)
        if resized then note(#resized) end
        try(pld, 'resize', other)
      end`,
  },
  'raises after changes, by and by': {
    writes: true,
    script: `
      n = 0
      function filter(hdr, pld, pkt)
        n = n + 1
        hdr:layout { tos = { 8, 8 } }.tos = n
        hdr:rewrite(0, 1)
        pld = pld:resize(#pld + n % 3 * 40)
        pld = pld:resize(#pld - #pld // 4)
        if n % 5 == 0 then error 'on purpose' end
        if n % 7 == 0 then return 'no verdict' end
        if n % 11 == 0 then return hdr end
        return n % 3 ~= 0
      end`,
  },
  loops: {
    script: `
      n = 0
      function filter(hdr, pld)
        n = n + 1
        if n % 4 == 0 then while true do end end
        if n % 4 == 2 then return filter(hdr, pld) + 1 end
        return not pld:layout { x = { 0, 8 } }.x
      end`,
  },
  'sends elsewhere': {
    writes: true,
    script: `
      n = 0
      function filter(hdr, pld, pkt, eth)
        n = n + 1
        eth:layout { destination = { 0, 6, 'string' } }.destination = 'abcdef'
        if n % 3 == 0 then return 0x40000000 end
        if n % 3 == 1 then return 0x40000000 + n % 100 end
        return -n
      end`,
  },
}
const { 'raises after changes, by and by': raises, loops, 'reads everything': reads } = CASES
const FAILING = { 'raises after changes, by and by': raises as Case, loops: loops as Case }
const READING = { 'reads everything': reads as Case }

const hex = (fate: Uint8Array | undefined) => (fate ? Buffer.from(fate).toString('hex') : 'dropped')

describeOnNetwork('the dry run and the real run', [], () => {
  const fixture = new NamedStatesFixture()
  const network = makeNetwork()
  const alone = network.namespace('alone')
  const place = { netns: alone.name, device: 'quiet' }

  beforeAll(() => {
    // devices that are down: no packets but those of the test
    alone.ip('link', 'add', place.device, 'type', 'veth', 'peer', 'name', 'other')
  })

  /** Gives packets to both sides. */
  function compare(paths: PacketPaths, packets: Iterable<readonly [name: string, packet: Uint8Array]>): void {
    for (const [name, packet] of packets) {
      if (!paths.takes(packet)) continue
      const [kernel, user] = [paths.inKernel(packet), paths.inUserSpace(packet)]
      expect([name, hex(packet), hex(kernel)]).toEqual([name, hex(packet), hex(user)])
    }
    const { kernel, user } = paths.figures()
    expect(kernel).toEqual(user)
  }

  function* corpus(): Generator<[string, Uint8Array]> {
    yield* Object.entries(FRAMES)
    for (const [i, frame] of capturedFrames().entries()) yield [`captured ${i}`, frame]
    const frames = Object.values(FRAMES)
    for (let seed = SEED; seed < SEED + COUNT; seed++) {
      const random = new Random(seed)
      yield [`seed ${seed}`, damaged(random.one(frames), random)]
    }
  }

  describe.each([
    ...HOOKS.map((hook) => ({ hook, of: 'all of IP', cases: CASES })),
    { hook: 'tc/egress', of: 'TCP', default: 'drop', proto: 'tcp', cases: FAILING },
    { hook: 'xdp', of: 'ARP', ethertype: 'arp', cases: READING },
  ] as const)('at $hook, $of', ({ cases, of: _, ...options }) => {
    let paths: PacketPaths

    beforeAll(async () => {
      paths = await PacketPaths.make(fixture, 'paths', place, { fuel: 5000, ...options })
    }, PATIENCE)
    afterAll(() => paths?.close())

    const isNetfilter = options.hook.startsWith('netfilter')
    test.each(Object.entries(cases).filter(([, { writes }]) => !(writes && isNetfilter)))(
      'a script that %s',
      async (_, { script }) => {
        await paths.load(script)
        compare(paths, corpus())
        const { kernel, user } = await paths.value('tostring(seen or n)')
        expect(kernel).toBe(user)
      },
      PATIENCE,
    )

    if ('reads from the end' in cases)
      test('what a script reads and writes is what the packet has', async () => {
        // the last byte comes first, and is written where that can be
        await paths.load(`
        local byte = data.layout { value = { 0, 8 } }
        function filter(hdr, pld)
          local last = pld:segment(#pld - 1):layout(byte)
          seen = last.value
          ${isNetfilter ? '' : 'last.value = ~seen'}
          seen = seen .. ' ' .. pld:segment(#pld // 2):layout(byte).value
        end`)
        const frame = FRAMES['large tcp'] as Uint8Array
        const payload = frame.subarray(54)
        const changed = Uint8Array.from(frame)
        if (!isNetfilter) changed.set([~(frame.at(-1) as number)], frame.length - 1)
        for (const fate of [paths.inKernel(frame), paths.inUserSpace(frame)])
          expect(hex(fate)).toBe(hex(changed))
        const expected = `${payload.at(-1)} ${payload[payload.length / 2]}`
        expect(await paths.value('seen')).toEqual({ kernel: expected, user: expected })
      })

    test(
      'packets that end anywhere',
      async () => {
        await paths.load(CASES['reads everything']?.script as string)
        for (const [name, frame] of Object.entries(FRAMES)) {
          const ends = Array.from({ length: Math.min(frame.length, 160) - 14 }, (_, i) => 14 + i)
          compare(
            paths,
            ends.map((end) => [`${name} to ${end}`, frame.subarray(0, end)] as const),
          )
        }
      },
      PATIENCE,
    )

    if ('reads from the end' in cases)
      test('calls take no longer together than the test gives them, whatever they fetch', async () => {
        await paths.load(`
        function filter(hdr, pld)
          ${isNetfilter ? '' : 'pld = pld:resize(#pld + 70)'}
          return pld:sum() >= 0 and pld:segment(#pld - 1):sum() >= 0
        end`)
        const before = paths.times()
        const begin = process.hrtime.bigint()
        for (let i = 0; i < 64; i++) paths.inKernel(FRAMES['large tcp'] as Uint8Array)
        const elapsed = Number(process.hrtime.bigint() - begin)
        const { sum, timed } = paths.times()
        expect(timed - before.timed).toBeGreaterThanOrEqual(4)
        expect(sum - before.sum).toBeLessThanOrEqual(elapsed)
      })

    // the last one, since user space has no marks
    if (options.hook === 'tc/ingress')
      test('a mark stays as it was if the call fails', async () => {
        await paths.load('function filter(_, _, pkt) pkt.mark = 77 return pkt.length > 100 or error() end')
        const frame = FRAMES['tcp without payload'] as Uint8Array
        expect([paths.markOf(frame), paths.markOf(FRAMES['large tcp'] as Uint8Array)]).toEqual([41, 77])
      })
  })
})
