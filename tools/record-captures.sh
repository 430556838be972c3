#!/usr/bin/env bash
# Records examples/captures/ssh.pcap: OpenSSH sessions, sessions with a server that announces OpenSSH_6.4,
# and other traffic, between two network namespaces joined by a veth pair.
#
#   sudo tools/record-captures.sh [OUT.pcap]
#
# Everything lives in private mount, UTS and PID namespaces and in two network namespaces inside them: no
# device, address, account, log or process of the machine is touched, and all of it ends with this script.
# Needs: iproute2, util-linux, openssh-server, openssh-client, tcpdump, curl, python3 (standard library only).
# docs/filter.md says what is recorded, and why.
set -euo pipefail

readonly root=$(cd "$(dirname "$0")/.." && pwd)
readonly out=$(realpath -m "${1:-$root/examples/captures/ssh.pcap}")
readonly most_bytes=300000

fail() { echo "record-captures: $*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || fail 'must be run as root: it creates network namespaces'
for tool in ip unshare sshd ssh scp ssh-keygen ssh-keyscan tcpdump curl python3; do
  command -v "$tool" >/dev/null || fail "$tool is missing"
done

# This script starts itself again inside private namespaces. When unshare is killed, --kill-child and the PID
# namespace end every process in there, and with the last one go the mounts, network namespaces and devices.
if [ "${MOONRING_RECORDING:-}" != 1 ]; then
  MOONRING_RECORDING=1 unshare --mount --uts --pid --fork --kill-child --mount-proc "$0" "$out" &
  recording=$!
  trap 'kill -KILL "$recording" 2>/dev/null || true' EXIT
  trap 'exit 130' INT TERM HUP
  wait "$recording"
  exit
fi

readonly work=/run/recording   # on a private tmpfs
readonly server=moonring-server client=moonring-client

hostname demo
mount --make-rprivate /
for directory in /run /var/log; do mount -t tmpfs -o mode=755 tmpfs "$directory"; done
mkdir -p /run/netns /run/sshd "$work"

on_server() { ip netns exec "$server" "$@"; }
on_client() { ip netns exec "$client" "$@"; }

# ── Two machines and a cable ─────────────────────────────────────────────────────────────────────────────────

# Segmentation and checksum offload off: the capture then holds what a wire would carry.
offload_off='
import ctypes, fcntl, socket, struct
ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO, SIOCETHTOOL = 0x17, 0x1f, 0x24, 0x2c, 0x8946
with socket.socket() as s:
    for command in (ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO, ETHTOOL_STXCSUM):
        value = ctypes.create_string_buffer(struct.pack("II", command, 0))
        fcntl.ioctl(s, SIOCETHTOOL, struct.pack("16sP", b"eth0", ctypes.addressof(value)))
'

ip netns add "$server"
ip netns add "$client"
# Created inside the namespaces: neither end ever is in the machine's own.
ip link add eth0 netns "$server" address 02:00:00:00:00:01 type veth \
  peer name eth0 netns "$client" address 02:00:00:00:00:02
for side in "$server" "$client"; do
  ip -n "$side" link set lo up
  ip netns exec "$side" python3 -c "$offload_off"
  # Without link-local addresses there are no router solicitations to be recorded.
  ip -n "$side" link set eth0 addrgenmode none up
done
ip -n "$server" address add 10.77.0.1/24 dev eth0   # the current server
ip -n "$server" address add 10.77.0.64/24 dev eth0  # the one that announces OpenSSH_6.4
ip -n "$server" address add fd00:77::1/64 dev eth0 nodad
ip -n "$server" address add fd00:77::64/64 dev eth0 nodad
ip -n "$client" address add 10.77.0.2/24 dev eth0
ip -n "$client" address add fd00:77::2/64 dev eth0 nodad

# ── Servers ──────────────────────────────────────────────────────────────────────────────────────────────────

ssh-keygen -q -t ed25519 -N '' -C demo -f "$work/host_key"
ssh-keygen -q -t ed25519 -N '' -C demo -f "$work/user_key"
cp "$work/user_key.pub" "$work/authorized_keys"

sshd_config() {
  cat <<CONFIG
ListenAddress $1
ListenAddress $2
Port 22
HostKey $work/host_key
AuthorizedKeysFile $work/authorized_keys
PasswordAuthentication no
PermitRootLogin yes
StrictModes no
UsePAM no
PrintMotd no
PidFile none
Subsystem sftp internal-sftp
CONFIG
}
sshd_config 10.77.0.1 fd00:77::1 >"$work/sshd_config"
sshd_config 10.77.0.64 fd00:77::64 >"$work/sshd_config_old"

# A copy of sshd whose version string is replaced: the announcement is part of what the key exchange signs, so
# that a proxy in front of an ordinary sshd could not carry a session through.
python3 - "$(command -v sshd)" "$work/sshd-old" <<'PYTHON' || fail 'this sshd keeps its version elsewhere'
import re, sys
image = open(sys.argv[1], 'rb').read()
announced = b'OpenSSH_6.4'
image, found = re.subn(rb'OpenSSH_\d[ -~]*\0', lambda m: announced.ljust(len(m[0]), b'\0'), image)
open(sys.argv[2], 'wb').write(image)
sys.exit(0 if found else 1)
PYTHON
chmod 755 "$work/sshd-old"

on_server "$(command -v sshd)" -D -e -f "$work/sshd_config" 2>"$work/sshd.log" &
on_server "$work/sshd-old" -D -e -f "$work/sshd_config_old" 2>"$work/sshd-old.log" &

mkdir "$work/www"
cat >"$work/www/index.html" <<'HTML'
<!doctype html><title>Demo</title><p>OpenSSH_6.4 is of November 2013. <a href="notes.txt">Notes</a></p>
HTML
for line in $(seq 1 120); do echo "$line: the quick brown fox jumps over the lazy dog, once more"; done \
  >"$work/www/notes.txt"

cat >"$work/servers.py" <<'PYTHON'
# HTTP on port 80, a line protocol (GET, SET, QUIT) on TCP port 7000, an echo on UDP port 7; on IPv6 and IPv4.
import functools, http.server, socket, socketserver, sys, threading

class DualStack(socketserver.ThreadingTCPServer):
    address_family, allow_reuse_address, daemon_threads = socket.AF_INET6, True, True

class Lines(socketserver.StreamRequestHandler):
    def handle(self):
        store = {}
        self.wfile.write(b'+ ready\r\n')
        for line in self.rfile:
            words = line.split()
            if words[:1] == [b'QUIT']:
                self.wfile.write(b'+ bye\r\n')
                return
            if words[:1] == [b'SET']:
                store[words[1]] = b' '.join(words[2:])
                self.wfile.write(b'+ stored\r\n')
            else:
                self.wfile.write(b'= ' + store.get(words[1], b'(nothing)') + b'\r\n')

def echo():
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
        s.bind(('::', 7))
        while True:
            s.sendto(*s.recvfrom(2048))

class Pages(http.server.SimpleHTTPRequestHandler):
    protocol_version, server_version, sys_version = 'HTTP/1.1', 'demo/1.0', ''

pages = functools.partial(Pages, directory=sys.argv[1])
for serve in (DualStack(('::', 80), pages).serve_forever, DualStack(('::', 7000), Lines).serve_forever, echo):
    threading.Thread(target=serve).start()
PYTHON
on_server python3 "$work/servers.py" "$work/www" 2>"$work/servers.log" &

# Asked over loopback, which isn't captured.
for address in 10.77.0.1/22 10.77.0.64/22 10.77.0.1/80 10.77.0.1/7000; do
  for attempt in $(seq 1 51); do
    on_server bash -c "exec 3<>/dev/tcp/$address" 2>/dev/null && break
    [ "$attempt" -lt 51 ] || { cat "$work"/*.log >&2; fail "nothing answers at $address"; }
    sleep 0.1
  done
done

# By then the reports of multicast memberships have been sent.
sleep 3

# ── Recording ────────────────────────────────────────────────────────────────────────────────────────────────

# Called directly, so that $! is tcpdump itself and not a shell around it.
ip netns exec "$server" tcpdump -q -i eth0 -s 0 -U --immediate-mode \
  -Z root -w "$work/capture.pcap" 2>"$work/tcpdump.log" &
tcpdump_pid=$!
until grep -q 'listening on' "$work/tcpdump.log"; do
  kill -0 "$tcpdump_pid" 2>/dev/null || { cat "$work/tcpdump.log" >&2; fail 'tcpdump ended'; }
  sleep 0.1
done

ssh_options=(-F none -i "$work/user_key" -o BatchMode=yes -o IdentitiesOnly=yes -o LogLevel=ERROR
  -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o GlobalKnownHostsFile=/dev/null)
session() { on_client ssh -n "${ssh_options[@]}" "root@$1" "$2" >/dev/null; }
talk() {
  on_client python3 - "$@" <<'PYTHON'
import socket, sys, time
with socket.create_connection((sys.argv[1], 7000)) as s:
    lines = s.makefile('rb')
    lines.readline()
    for request in sys.argv[2:]:
        time.sleep(0.02)
        s.sendall(request.encode() + b'\r\n')
        lines.readline()
PYTHON
}

session 10.77.0.1 'uname -s; uptime'
on_client curl -s http://10.77.0.1/ http://10.77.0.1/notes.txt http://10.77.0.1/absent >/dev/null
session 10.77.0.64 'uname -s; uptime'
session 10.77.0.1 'for i in 1 2 3 4 5; do echo "tick $i"; sleep 0.1; done' &
slow=$!
talk 10.77.0.1 'SET colour green' 'GET colour' 'GET size' 'QUIT'
on_client curl -s 'http://[fd00:77::1]/' >/dev/null
wait "$slow"
head -c 24000 /dev/urandom >"$work/blob"
on_client scp -q "${ssh_options[@]}" "$work/blob" root@10.77.0.1:/run/blob
session fd00:77::1 'ls /usr/share'
session fd00:77::64 'true'
head -c 12000 /dev/urandom | on_client ssh "${ssh_options[@]}" root@10.77.0.64 'cat >/dev/null'
on_client ssh-keyscan -t ed25519 10.77.0.1 >/dev/null 2>&1
on_client ssh-keyscan -t ed25519 10.77.0.64 >/dev/null 2>&1
talk fd00:77::1 'SET moon full' 'GET moon' 'QUIT'
on_client bash -c 'exec 3<>/dev/udp/10.77.0.1/7; echo hello >&3; head -c 6 <&3' >/dev/null
on_client bash -c 'exec 3<>/dev/tcp/10.77.0.1/23' 2>/dev/null || true   # refused: SYN, then RST

# The last packet tells that tcpdump has written all.
refused='tcp src port 23 and tcp[tcpflags] & tcp-rst != 0'
until tcpdump -r "$work/capture.pcap" "$refused" 2>/dev/null | grep -q .; do sleep 0.1; done
kill -TERM "$tcpdump_pid"
wait "$tcpdump_pid" || true
grep -q '^0 packets dropped by kernel' "$work/tcpdump.log" || fail 'packets were lost: try again'

bytes=$(stat -c %s "$work/capture.pcap")
[ "$bytes" -lt "$most_bytes" ] || fail "the capture has $bytes bytes, which is more than $most_bytes"
mkdir -p "$(dirname "$out")"
install -m 644 "$work/capture.pcap" "$out"
echo "recorded $out: $bytes bytes" >&2
