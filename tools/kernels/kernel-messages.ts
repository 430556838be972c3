/** What a kernel's log must not show. Pure. */

/**
 * Beginnings of the kernel's own complaints, as lib/bug.c, kernel/panic.c and the checkers of Linux print them, and of
 * what it says when it ends a process.
 */
const COMPLAINT =
  /\b(WARNING: |BUG: |Oops: |Oops\[|kernel BUG at|Kernel panic|general protection fault|verifier bug|detected stalls|self-detected stall|blocked for more than|UBSAN: |KASAN: |invalid opcode: |Out of memory: |segfault at |traps: )/

/**
 * The lines that complain, each once, without their times.
 * @param messages as dmesg prints them
 */
export function complaintsIn(messages: string): string[] {
  const lines = messages.split('\n').filter((line) => COMPLAINT.test(line))
  return [...new Set(lines.map((line) => line.replace(/^\[ *[\d.]+\](\[ *\w+\])? /, '').trim()))]
}
