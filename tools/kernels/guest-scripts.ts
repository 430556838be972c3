/**
 * The two scripts that a guest runs. The first is the kernel's /init: it loads modules, lays a writable layer over
 * the host's root file system, and hands over to the second, which runs the command there and powers off. They talk
 * to the host through a folder that both see.
 */

/** Where the guest sees the folder that it shares with the host. */
export const SHARED = '/run/guest'

/** Names of the file systems that QEMU exports. */
export const TAGS = { root: 'host', shared: 'shared' } as const

/** Files in the shared folder. */
export const FILES = {
  start: 'start.sh',
  command: 'command.sh',
  busybox: 'busybox',
  output: 'output',
  code: 'code',
  dmesg: 'dmesg',
} as const

/** Bytes of one 9p message: the guest reads programs in pieces of this size. */
const MESSAGE_SIZE = 500 * 1024

/** Text that the shell takes as one word. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

export interface InitOptions {
  /** Files of the folder /modules in the order of loading. */
  readonly modules: readonly string[]
  /** Folder of all modules on the host, shown where modprobe looks for them. */
  readonly modulesOnHost: string
  /** A folder of the host that is shown over another one of its folders, whose files lie under it. */
  readonly cover?: { readonly folder: string; readonly over: string } | undefined
}

/** Joins the lower folders of an overlay, the upper one first; `:` divides them, `,` ends the option. */
const layers = (...folders: readonly string[]): string =>
  quoted(folders.map((folder) => folder.replace(/[\\:,]/g, '\\$&')).join(':'))

/** The first script. */
export function initScript({ modules, modulesOnHost, cover }: InitOptions): string {
  const mount9p = (tag: string, options: string): string =>
    `mount -t 9p -o trans=virtio,version=9p2000.L,msize=${MESSAGE_SIZE},${options} ${tag}`
  return `#!/bin/busybox sh
/bin/busybox --install -s /bin
fail() {
  echo "moonring-guest: Cannot $1" >/dev/console
  poweroff -f
}
on() { mkdir -p "$1" && shift && "$@" || fail "run $*"; }
on /proc mount -t proc proc /proc
on /sys mount -t sysfs sys /sys
${modules.map((name) => `insmod /modules/${quoted(name)} || fail ${quoted(`load ${name}`)}`).join('\n')}
on /lower ${mount9p(TAGS.root, 'ro,cache=loose')} /lower
on /layer mount -t tmpfs layer /layer
mkdir -p /layer/upper /layer/work
on /root mount -t overlay -o lowerdir=/lower,upperdir=/layer/upper,workdir=/layer/work root /root
${cover ? coverLines(cover) : ''}cd /root
on proc mount -t proc proc proc
on sys mount -t sysfs sys sys
on sys/fs/bpf mount -t bpf bpf sys/fs/bpf
on sys/fs/cgroup mount -t cgroup2 cgroup sys/fs/cgroup
on sys/kernel/debug mount -t debugfs debug sys/kernel/debug
on sys/kernel/tracing mount -t tracefs tracing sys/kernel/tracing
on dev mount -t devtmpfs dev dev
on dev/pts mount -t devpts pts dev/pts
on dev/shm mount -t tmpfs shm dev/shm
on run mount -t tmpfs run run
on .${SHARED} ${mount9p(TAGS.shared, 'cache=none')} .${SHARED}
on usr/lib/modules/$(uname -r) mount -o bind ${quoted(`/root${modulesOnHost}`)} usr/lib/modules/$(uname -r)
ln -sf ${SHARED}/${FILES.busybox} usr/sbin/modprobe
ifconfig lo up
umount /sys /proc
exec switch_root /root /bin/sh ${SHARED}/${FILES.start}
`
}

function coverLines({ folder, over }: { readonly folder: string; readonly over: string }): string {
  const lower = layers(`/lower${folder}`, `/lower${over}`)
  return `mkdir -p /layer/cover /layer/cover-work
mount -t overlay -o lowerdir=${lower},upperdir=/layer/cover,workdir=/layer/cover-work cover ${quoted(`/root${over}`)} ||
  fail ${quoted(`show ${folder} over ${over}`)}
`
}

export interface StartOptions {
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  readonly extraModules: readonly string[]
  readonly timeoutSeconds: number
}

/** The second script. */
export function startScript({ directory, environment, extraModules, timeoutSeconds }: StartOptions): string {
  const busybox = `${SHARED}/${FILES.busybox}`
  return `cd ${quoted(directory)}
${Object.entries(environment)
  .map(([name, value]) => `export ${name}=${quoted(value)}`)
  .join('\n')}
off() {
  ${busybox} dmesg >${SHARED}/${FILES.dmesg}
  ${busybox} poweroff -f
}
( ${busybox} sleep ${timeoutSeconds}; off ) &
exec </dev/null >${SHARED}/${FILES.output} 2>&1
${extraModules.map((name) => `modprobe ${quoted(name)}`).join('\n')}
/bin/sh ${SHARED}/${FILES.command}
echo $? >${SHARED}/${FILES.code}
off
`
}
