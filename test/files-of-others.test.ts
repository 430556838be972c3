/** Places that belong to others, or that others can change: nothing of theirs is removed, followed, or mounted over. */
import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import process from 'node:process'
import { afterAll, describe, expect, test } from 'vitest'
import { describeInKernel } from '../src/kernel/kernel.fixture.ts'
import { program, ScratchFolder } from './command.fixture.ts'

const work = new ScratchFolder()
chmodSync(work.path, 0o755)
afterAll(() => work.remove())

/** Runs shell commands in a mount namespace of their own; `$M` is the command. */
function privately(script: string): string {
  const { stdout, stderr } = spawnSync('unshare', ['-m', 'bash', '-c', `exec 2>&1; ${script}`], {
    cwd: work.path,
    encoding: 'utf8',
    timeout: 90_000,
    env: {
      ...process.env,
      FORCE_COLOR: '',
      MOONRING_DEBUG: '',
      MOONRING_SOCKET: '/nowhere/no.sock',
      XDG_STATE_HOME: work.path,
      M: program,
    },
  })
  const out = stdout + stderr
  expect(out).not.toMatch(/\n {4}at |node:internal|M090/)
  return out
}

const BPFFS = 'mkdir -p fs; export MOONRING_BPFFS=$PWD/fs; mount -t bpf -o mode=700 bpf fs;'

describeInKernel('directories for pins', () => {
  test('that hold other files: nothing is removed, and nothing is mounted', () => {
    const out = privately(`
      mkdir -p plain/moonring/guard; touch plain/moonring/guard/{memory-0,vm-0,notes}
      export MOONRING_BPFFS=$PWD/plain
      for c in 'destroy guard' 'create guard --kernel' 'show guard'; do $M $c; echo "exit $?"; done
      find plain -type f | sort; grep -c plain /proc/self/mounts`)
    expect(
      out.match(/Cannot use \S+plain as bpffs: \S+plain is another file system, and it is not empty/g),
    ).toHaveLength(3)
    expect(out.match(/exit 1/g)).toHaveLength(3)
    expect(out).toMatch(/guard\/memory-0\nplain\/moonring\/guard\/notes\nplain\/moonring\/guard\/vm-0\n0\n$/)
  })

  test('of the system: nothing is mounted over them', () => {
    const out = privately(`
      before=$(cat /proc/self/mounts)
      for d in /etc /proc /proc/self /usr/lib /sys / ; do MOONRING_BPFFS=$d $M create guard --kernel; echo "exit $?"; done
      [ "$before" = "$(cat /proc/self/mounts)" ] && echo same`)
    expect(out.match(/error\[M024\]: Cannot use .* as bpffs/g)).toHaveLength(6)
    expect(out).toMatch(/same\n$/)
  })

  test('that others may change, or that belong to them', () => {
    const out = privately(`
      mkdir open theirs; chmod 777 open; chown nobody theirs
      for d in open theirs open/new theirs/new; do MOONRING_BPFFS=$PWD/$d $M create guard --kernel; echo "exit $?"; done
      ls -d open/new theirs/new; grep -c ' bpf ' /proc/self/mounts`)
    expect(out.match(/open can't be trusted: others may write to it \(mode 777\)/g)).toHaveLength(2)
    expect(out.match(/theirs can't be trusted: it belongs to the user 65534/g)).toHaveLength(2)
    expect(out.match(/No such file/g)).toHaveLength(2)
  })

  test('links at every component are refused by name', () => {
    const out = privately(`${BPFFS}
      mkdir -p victim/guard; touch victim/guard/memory-0 victim/memory-0
      ln -s $PWD/victim fs/moonring
      for c in 'create guard --kernel' 'destroy guard' 'list'; do $M $c; echo "exit $?"; done
      rm fs/moonring; mkdir -m 700 fs/moonring; ln -s $PWD/victim fs/moonring/guard
      for c in 'create guard --kernel' 'destroy guard' 'show guard' 'list'; do $M $c; echo "exit $?"; done
      find victim -type f | sort; rm -r victim`)
    expect(out.match(/fs\/moonring is a symbolic link/g)).toHaveLength(3)
    expect(out.match(/fs\/moonring\/guard is a symbolic link/g)).toHaveLength(3)
    expect(out).toMatch(/no states.*\nexit 0\nvictim\/guard\/memory-0\nvictim\/memory-0\n$/)
  })

  test('a folder of states that others could have made', () => {
    const out = privately(`${BPFFS}
      mkdir fs/moonring; chmod 777 fs/moonring; $M list; echo "exit $?"
      chmod 700 fs/moonring; chown nobody fs/moonring; $M create guard --kernel; echo "exit $?"`)
    expect(out).toMatch(/fs\/moonring can't be trusted: others may write to it \(mode 777\)\n.*\nexit 1\n/)
    expect(out).toMatch(/fs\/moonring can't be trusted: it belongs to the user 65534\n.*\nexit 1\n/)
  })

  test('what carries no name of ours stays', () => {
    const out = privately(`${BPFFS}
      $M create guard --kernel; mkdir fs/moonring/guard/memory-7 fs/moonring/guard/other
      $M destroy guard; echo "exit $?"; ls fs/moonring/guard; rmdir fs/moonring/guard/*; $M destroy guard; $M create guard --kernel
      $M list --json | grep -c '"guard"'; $M destroy guard; ls fs/moonring | wc -l`)
    expect(out).toMatch(
      /Cannot remove \S+guard: it holds memory-7, which is no pin of Moonring\n.*\nexit 1\nmemory-7\nother\n/,
    )
    expect(out).toMatch(/1\n0\n$/)
  })

  test('an empty directory of ours is used, whatever is missing of its path', () => {
    const out = privately(`
      export MOONRING_BPFFS=$PWD/new/bpf
      $M create guard --kernel && stat -f -c %T new/bpf && stat -c %a new/bpf new/bpf/moonring && $M destroy guard; echo "exit $?"`)
    expect(out).toBe('bpf_fs\n1700\n700\nexit 0\n')
  })
})

describe.skipIf(process.getuid?.() !== 0)('the control socket (needs root)', () => {
  const serve = (socket: string, options = '') =>
    `timeout -s INT 20 $M serve --socket ${socket} ${options} & pid=$!;
     for i in $(seq 100); do [ -S ${socket} ] && break; kill -0 $pid || break; sleep 0.1; done;`

  test('isn’t made where others could exchange it', () => {
    const out = privately(`
      mkdir open2 theirs2 open2/in; chmod 777 open2; chown nobody theirs2
      for d in open2 theirs2 open2/in; do $M serve --socket $PWD/$d/s; echo "exit $?"; ls -A $d | grep -v in; done`)
    expect(
      out.match(/Cannot listen at \S+\/s: \S+open2 can't be trusted: others may write to it/g),
    ).toHaveLength(2)
    expect(out).toMatch(/Cannot listen at \S+\/s: \S+theirs2 can't be trusted: it belongs to the user 65534/)
    expect(out.match(/exit 2/g)).toHaveLength(3)
  })

  test('has its mode and its group whatever the umask, and goes with its server', () => {
    const out = privately(`umask 0; mkdir -m 755 own
      ${serve('own/s')} stat -c '%a %G' own/s; kill -INT $pid; wait $pid; ls -A own | wc -l
      ${serve('own/s', '--group nogroup')} stat -c '%a %G' own/s; kill -INT $pid; wait $pid; ls -A own | wc -l`)
    expect(out.replace(/^moonring serve: .*\n/gm, '')).toBe('600 root\n0\n660 nogroup\n0\n')
  })

  test('takes the place of nothing but a socket of a server that has died', () => {
    const out = privately(`mkdir -m 755 mixed; echo kept > mixed/file; ln -s file mixed/link
      for n in file link; do $M serve --socket mixed/$n; echo "exit $?"; done; cat mixed/link
      ${serve('mixed/s')} $M serve --socket mixed/s; echo "exit $?"; kill -KILL $(pgrep -P $pid); wait $pid; ls mixed
      ${serve('mixed/s')} for i in $(seq 50); do
        MOONRING_SOCKET=mixed/s $M create new 2>/dev/null && echo made && break; sleep 0.2; done; kill -INT $pid; wait $pid; ls -A mixed`)
    expect(out.match(/mixed\/(file|link): that is no socket/g)).toHaveLength(2)
    expect(out).toMatch(/Cannot listen at mixed\/s: process \d+ does/)
    expect(out).toMatch(/made\n(moonring.*\n)*file\nlink\n$/)
  })

  test('its log can be cut off, and is of one record for a message', () => {
    const out = privately(`mkdir -m 755 logged
      timeout -s INT 20 $M serve --socket logged/s 2> >(head -n 1) & pid=$!
      for i in $(seq 100); do [ -S logged/s ] && break; sleep 0.1; done
      for i in 1 2 3; do MOONRING_SOCKET=logged/s setpriv --reuid nobody --clear-groups $M list >/dev/null; done
      MOONRING_SOCKET=logged/s $M create still && echo alive; kill -INT $pid; wait $pid`)
    expect(out).toMatch(/alive\n/)
  })
})
