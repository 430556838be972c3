/**
 * OpenSSH in network namespaces: servers with keys and settings of their own, and sessions of its client. What a server
 * announces is part of its program; for another version its file is copied with that text replaced.
 */
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { Namespace } from '../tools/network/network.ts'
import { programPath } from '../tools/network/required-programs.ts'
import type { Service } from '../tools/network/service.ts'

/** Where the server's unprivileged part has its root. Whoever starts sshd makes it. */
const PRIVILEGE_SEPARATION = '/run/sshd'
const MEBIBYTE = 1 << 20
/** Seconds for a handshake on a busy machine. */
const PATIENCE = 20

export class SshFixture {
  #folder = ''

  constructor() {
    beforeAll(() => this.#make())
    afterAll(() => rmSync(this.#folder, { recursive: true }))
  }

  #make(): void {
    this.#folder = mkdtempSync(join(tmpdir(), 'moonring-ssh-'))
    mkdirSync(PRIVILEGE_SEPARATION, { recursive: true, mode: 0o755 })
    for (const name of ['host-key', 'user-key'])
      spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(this.#folder, name)])
    writeFileSync(join(this.#folder, 'authorized'), readFileSync(join(this.#folder, 'user-key.pub')))
  }

  /** Starts a server on port 22, which announces the software that is installed, or else `software`. */
  async serve(namespace: Namespace, software?: string): Promise<Service> {
    const file = software === undefined ? programPath('sshd') : this.#announcing(software)
    const config = join(this.#folder, `config-${namespace.host}`)
    writeFileSync(config, this.#config())
    const server = namespace.start(file as string, '-D', '-e', '-f', config)
    await server.said(/listening on :: port 22/)
    return server
  }

  #config(): string {
    const at = (name: string) => join(this.#folder, name)
    return [
      'Port 22',
      `HostKey ${at('host-key')}`,
      `AuthorizedKeysFile ${at('authorized')}`,
      'PidFile none',
      'StrictModes no',
      'PermitRootLogin prohibit-password',
      'UsePAM no',
      'UseDNS no',
      'PrintMotd no',
      '',
    ].join('\n')
  }

  /** A copy of the server that says it is another version; what is left of the old text becomes spaces. */
  #announcing(software: string): string {
    const bytes = readFileSync(programPath('sshd') as string)
    const installed = /OpenSSH_[\d.]+p\d+/.exec(spawnSync('ssh', ['-V'], { encoding: 'utf8' }).stderr)?.[0]
    const version = installed ?? ''
    const text = Buffer.from(software.padEnd(version.length))
    let replaced = 0
    for (let at = bytes.indexOf(version); version !== '' && at >= 0; at = bytes.indexOf(version, at + 1))
      replaced += text.copy(bytes, at)
    if (replaced === 0 || text.length > version.length)
      throw new Error(`sshd has no text ${version} which could become ${software}`)
    const file = join(this.#folder, `sshd-${software}`)
    writeFileSync(file, bytes)
    chmodSync(file, 0o755)
    return file
  }

  #arguments(address: string, command: string, patience = PATIENCE): string[] {
    const options = {
      UserKnownHostsFile: '/dev/null',
      StrictHostKeyChecking: 'no',
      BatchMode: 'yes',
      ConnectTimeout: patience,
      IdentitiesOnly: 'yes',
    }
    const settings = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])
    const who = ['-F', 'none', '-q', '-i', join(this.#folder, 'user-key'), `root@${address}`]
    return ['ssh', ...settings, ...who, command]
  }

  /** Whether a session with the server comes about within so many seconds. */
  reaches(from: Namespace, address: string, patience = PATIENCE): boolean {
    const { exit, out } = from.run(this.#arguments(address, 'echo in session', patience))
    return exit === 0 && out === 'in session\n'
  }

  /** Sends random bytes through a session to a program that sends them back: hashes of what went and what came. */
  async echo(from: Namespace, address: string, mebibytes: number): Promise<[sent: string, received: string]> {
    const bytes = randomBytes(mebibytes * MEBIBYTE)
    const file = join(this.#folder, 'bytes')
    writeFileSync(file, bytes)
    const command = '"$@" < "$0" | sha256sum'
    const { out } = await from.start('sh', '-c', command, file, ...this.#arguments(address, 'cat')).ended
    return [createHash('sha256').update(bytes).digest('hex'), out.slice(0, 64)]
  }
}
