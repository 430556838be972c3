/** What waits for packets and sends them, as scripts for Node, which namespaces start. */

export const ECHO_PORT = 7

export const ECHO_SERVER = `
  import { createServer } from 'node:net'
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', (bytes) => socket.write(bytes))
    socket.on('error', () => {})
  })
  server.listen(${ECHO_PORT}, () => console.log('listening'))`

export const SINK_PORT = 9

/** A socket that nobody reads from: datagrams arrive, and are dropped once its buffer is full. */
export const SINK = `
  import { createSocket } from 'node:dgram'
  const socket = createSocket('udp4')
  socket.bind(${SINK_PORT}, () => {
    console.log('listening')
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
  })`

/** A byte goes to and fro over a connection. Arguments: address, port, seconds. Prints the microseconds of a round trip. */
export const PING_PONG = `
  import { connect } from 'node:net'
  const [address, port, seconds] = process.argv.slice(-3)
  const socket = connect({ host: address, port: Number(port), noDelay: true })
  const byte = Buffer.of(1)
  let count = 0
  let start
  socket.on('connect', () => {
    start = performance.now()
    socket.write(byte)
  })
  socket.on('data', () => {
    count++
    const took = performance.now() - start
    if (took < 1000 * Number(seconds)) return void socket.write(byte)
    console.log((1000 * took) / count)
    socket.destroy()
  })`
