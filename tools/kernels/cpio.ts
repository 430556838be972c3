/**
 * Writes the archive that a kernel unpacks as its first file system: cpio in the "newc" format, as described in
 * Documentation/driver-api/early-userspace/buffer-format.rst of Linux. Pure.
 */

export interface ArchiveEntry {
  /** Without a leading slash. Folders come before what is in them. */
  readonly path: string
  /** File type and permissions, as in `st_mode`: 0o040755 for a folder, 0o100755 for a program. */
  readonly mode: number
  readonly content?: Uint8Array
  /** Of a device file. */
  readonly device?: { readonly major: number; readonly minor: number }
}

const TRAILER = 'TRAILER!!!'

/** Fills up to a multiple of four bytes. */
const padded = (bytes: Uint8Array): Uint8Array[] => [bytes, new Uint8Array(-bytes.length & 3)]

export function writeCpio(entries: readonly ArchiveEntry[]): Uint8Array {
  const all = [...entries, { path: TRAILER, mode: 0 }]
  return Buffer.concat(all.flatMap((entry, i) => writeEntry(entry, entry.path === TRAILER ? 0 : i + 1)))
}

function writeEntry(
  { path, mode, content = new Uint8Array(), device }: ArchiveEntry,
  inode: number,
): Uint8Array[] {
  const name = Buffer.from(`${path}\0`)
  const { major, minor } = device ?? { major: 0, minor: 0 }
  // inode, mode, uid, gid, links, mtime, size, major, minor, rmajor, rminor, length of the name, checksum
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, major, minor, name.length, 0]
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`
  return [...padded(Buffer.concat([Buffer.from(header), name])), ...padded(content)]
}
