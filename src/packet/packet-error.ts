/**
 * What can be wrong with a capture or with the options of `filter`: stable codes, messages and what to do.
 * Thrown by the capture reader and writer and by the match parser, shown by the command line.
 */

/** K00x the file, K02x its contents, K04x match options. */
export type PacketErrorCode =
  | 'K001' // can't be read
  | 'K002' // is a directory
  | 'K003' // is empty
  | 'K004' // too large
  | 'K005' // can't be written
  | 'K020' // header cut short
  | 'K021' // pcapng
  | 'K022' // not a capture
  | 'K023' // link type
  | 'K024' // packet record cut short
  | 'K040' // protocol
  | 'K041' // port
  | 'K042' // network
  | 'K043' // match text
  | 'K044' // EtherType
  | 'K045' // mark
  | 'K046' // device

/** An error for people: `message` reads `Cannot X: reason`, `hint` says what to do. */
export class PacketError extends Error {
  readonly code: PacketErrorCode
  readonly hint: string
  /** Byte offset in the capture file, where there is one. */
  readonly offset: number | undefined

  constructor(code: PacketErrorCode, message: string, hint: string, offset?: number) {
    super(message)
    this.name = 'PacketError'
    this.code = code
    this.hint = hint
    this.offset = offset
  }
}
