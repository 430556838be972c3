/**
 * The software version in an SSH announcement: a line `SSH-protoversion-softwareversion SP comments CR LF`
 * (RFC 4253, 4.2). Read for display, independently of what a script makes of it.
 */

/** Announcements have at most 255 bytes; lines before them are rare and short. */
const MOST_BYTES = 1024

/** `OpenSSH_9.2p1` from a payload with a line `SSH-2.0-OpenSSH_9.2p1 Debian`; undefined without such a line. */
export function parseSshSoftware(bytes: Uint8Array, start: number, end: number): string | undefined {
  const from = startOfAnnouncement(bytes, start, Math.min(end, start + MOST_BYTES))
  if (from < 0) return undefined
  const line = String.fromCharCode(...bytes.subarray(from, Math.min(end, from + 255)))
  // Printable ASCII only: what a stranger announced ends up on a terminal.
  return /^SSH-[!-,.-~]+-([!-~]+)/.exec(line)?.[1]
}

/** Offset of the first line that starts with `SSH-`, or -1. */
function startOfAnnouncement(bytes: Uint8Array, start: number, end: number): number {
  // Bounded first: without a newline in the payload, a search of the whole buffer would go on behind it.
  const payload = bytes.subarray(0, end)
  let lineStart = start
  while (lineStart + 4 <= end) {
    const found =
      bytes[lineStart] === 0x53 &&
      bytes[lineStart + 1] === 0x53 &&
      bytes[lineStart + 2] === 0x48 &&
      bytes[lineStart + 3] === 0x2d
    if (found) return lineStart
    const lineEnd = payload.indexOf(0x0a, lineStart)
    if (lineEnd < 0) return -1
    lineStart = lineEnd + 1
  }
  return -1
}
