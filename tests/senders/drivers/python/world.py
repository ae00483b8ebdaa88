"""The names, records and policies of a file of cases, on loopback; then runs a command among them.

    world.py CASES FOLDER COMMAND…

To be run in network and mount namespaces of its own, where /etc/resolv.conf names 127.0.0.1 and its ports are free.
Every case has a domain of its own. Certificates are made in FOLDER, and COMMAND finds their authority where the
libraries of its language look for one.
"""

import datetime
import http.server
import json
import os
import socketserver
import ssl
import struct
import subprocess
import sys
import threading

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.rdtypes.IN.A
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

POLICY = b"version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 86400\n"
RECORD = [b"v=STSv1; id=1"]
PLAIN = "content-type: text/plain; charset=utf-8"
LOOPBACK = "127.0.0.1"


class Case:
    """What there is at one domain."""

    def __init__(self, row):
        records = [[bytes.fromhex(string) for string in record] for record in row["records"]]
        self.txt = {"_mta-sts": [txt(RECORD)]}
        self.status, self.headers, self.body = 200, [PLAIN], POLICY
        match row["kind"]:
            case "policy":
                self.body = records[0][0]
            case "txt":
                self.txt["_mta-sts"] = [txt(strings) for strings in records]
            case "tlsrpt":
                self.txt["_smtp._tls"] = [txt(strings) for strings in records]
            case "http":
                status, *headers = [string.decode("latin-1") for string in records[0]]
                self.status, self.headers = int(status), headers
                if len(records) > 1:
                    self.body = records[1][0]


def txt(strings):
    return dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, dns.rdatatype.TXT, strings)


def answer(cases, wire, udp):
    """The reply to a DNS query."""
    query = dns.message.from_wire(wire)
    reply = dns.message.make_response(query, recursion_available=True)
    question = query.question[0]
    name = question.name.to_text(omit_final_dot=True).lower()
    below, domain = next(((name[: -len(d) - 1], d) for d in cases if name.endswith("." + d)), ("", name))
    case = cases.get(domain)
    exists, data = domain in cases and not below, []
    if case and below == "mta-sts":
        exists = True
        if question.rdtype == dns.rdatatype.A:
            data = [dns.rdtypes.IN.A.A(dns.rdataclass.IN, dns.rdatatype.A, LOOPBACK)]
    elif case and below in case.txt:
        exists = bool(case.txt[below])
        if question.rdtype == dns.rdatatype.TXT:
            data = case.txt[below]
    if data:
        rrset = dns.rrset.from_rdata_list(question.name, 60, data)
        # As given: a set would sort the records and drop a repeated one.
        rrset.items = dict.fromkeys(data)
        reply.answer.append(rrset)
    if not exists:
        reply.set_rcode(dns.rcode.NXDOMAIN)
    wire = reply.to_wire(max_size=65535)
    if udp and len(wire) > 1232:
        reply.answer.clear()
        reply.flags |= dns.flags.TC
        wire = reply.to_wire()
    return wire


def serve_dns(cases):
    class Udp(socketserver.BaseRequestHandler):
        def handle(self):
            self.request[1].sendto(answer(cases, self.request[0], udp=True), self.client_address)

    class Tcp(socketserver.StreamRequestHandler):
        def handle(self):
            while length := self.rfile.read(2):
                wire = answer(cases, self.rfile.read(struct.unpack("!H", length)[0]), udp=False)
                self.wfile.write(struct.pack("!H", len(wire)) + wire)

    start(socketserver.ThreadingUDPServer((LOOPBACK, 53), Udp))
    start(socketserver.ThreadingTCPServer((LOOPBACK, 53), Tcp))


def serve_policies(cases, folder):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            case = cases.get(self.headers["host"].removeprefix("mta-sts."))
            if case is None or self.path != "/.well-known/mta-sts.txt":
                self.send_error(404)
                return
            # By hand: the library would add headers of its own.
            head = [f"HTTP/1.1 {case.status} Status", *case.headers, f"content-length: {len(case.body)}"]
            self.wfile.write("\r\n".join([*head, "connection: close", "", ""]).encode("latin-1") + case.body)
            self.close_connection = True

        def log_message(self, *arguments):
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, request, client_address):
            # A client that has read enough hangs up.
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(cases, folder))
    server = Server((LOOPBACK, 443), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    start(server)


def certificate(cases, folder):
    """An authority, and a certificate of it for all policy hosts: its file and that of its key."""

    def signed(subject, key, issuer, issuer_key, extensions):
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder()
            .subject_name(named(subject))
            .issuer_name(named(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=30))
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(issuer_key, hashes.SHA256())

    def named(common_name):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])

    def write(name, data):
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    pem = serialization.Encoding.PEM
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    usage = dict.fromkeys(
        ["content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign"]
        + ["encipher_only", "decipher_only"],
        False,
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())
    authority = signed("test authority", authority_key, "test authority", authority_key, [
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (x509.KeyUsage(digital_signature=True, key_cert_sign=True, **usage), True),
        (identifier, False),
    ])
    names = [x509.DNSName(f"mta-sts.{domain}") for domain in cases]
    leaf = signed("policy hosts", key, "test authority", authority_key, [
        (x509.SubjectAlternativeName(names), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (x509.KeyUsage(digital_signature=True, key_cert_sign=False, **usage), True),
        (x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), False),
    ])
    write("authority.pem", authority.public_bytes(pem))
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return write("leaf.pem", leaf.public_bytes(pem)), write("leaf.key", secret)


def start(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()


def main():
    rows, folder, *command = sys.argv[1:]
    with open(rows, encoding="utf-8") as file:
        cases = {row["domain"]: Case(row) for row in map(json.loads, file)}
    serve_dns(cases)
    serve_policies(cases, folder)
    authority = os.path.join(folder, "authority.pem")
    trust = dict.fromkeys(["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"], authority)
    sys.exit(subprocess.run(command, env={**os.environ, **trust}).returncode)


main()
