"""What senders written in Python make of each case, asked as their users ask them; and chasquid, which is a program.

    senders.py CASES

Prints JSON lines: first sender and version, then an observation each, its value in hex. Cases are those that world.py serves. chasquid is
run if its package is unpacked in the folder that CHASQUID names.
"""

import asyncio
import concurrent.futures
import importlib.metadata
import json
import logging
import os
import re
import subprocess
import sys

from checkdmarc.mta_sts import check_mta_sts
from checkdmarc.smtp_tls_reporting import check_smtp_tls_reporting
from postfix_mta_sts_resolver.resolver import STSFetchResult, STSResolver
from tlsrpt_reporter.utility import MalformedTlsrptRecordException, parse_tlsrpt_record

FETCHED = ("policy", "http")


FAILURE = re.compile(r"time.?out|timed out|deadline|lifetime|refused|reset|disconnected|cannot connect|max retries", re.I)


def because(reason):
    """A refusal for this reason; one that lies in the world or the load on the machine is no observation."""
    if FAILURE.search(reason):
        raise RuntimeError(reason)


def policy(read, mx):
    return f"mode={read['mode']} max_age={read['max_age']} mx={','.join(mx)}"


def checkdmarc(case):
    if case["kind"] == "tlsrpt":
        result = check_smtp_tls_reporting(case["domain"])
        if not result["valid"]:
            return because(result["error"])
        return "rua=" + ",".join(result["tags"]["rua"]["value"])
    result = check_mta_sts(case["domain"])
    if not result["valid"]:
        return because(result["error"])
    read = result["policy"]
    return policy(read, read["mx"]) if case["kind"] in FETCHED else f"id={result['id']}"


def postfix_mta_sts_resolver(case):
    async def resolve():
        return await STSResolver(loop=asyncio.get_running_loop(), timeout=60).resolve(case["domain"])

    result, read = asyncio.run(resolve())
    if result is not STSFetchResult.VALID:
        return None
    name, read = read
    return policy(read, read["mx"]) if case["kind"] in FETCHED else f"id={name}"


def tlsrpt_reporter(case):
    """Its daemon is given one record by the mail server's library, which picks it, as text in JSON."""
    if len(case["records"]) != 1:
        return ...
    try:
        record = b"".join(map(bytes.fromhex, case["records"][0])).decode()
        return "rua=" + ",".join(parse_tlsrpt_record(record))
    except UnicodeDecodeError:
        return ...
    except MalformedTlsrptRecordException:
        return None


def chasquid(case):
    """Its checker fetches and parses as the server does, shows the policy, then looks for MX hosts, which there are none of."""
    command = [os.path.join(CHASQUID, "usr/bin/smtp-check"), "-skip_tls_check", case["domain"]]
    shown = subprocess.run(command, stderr=subprocess.PIPE, timeout=60).stderr.decode("utf-8", "surrogateescape")
    read = re.search(r"\[\{Version:.*? Mode:(.*?) MXs:\[(.*)\] MaxAge:(.*?)\}\]\n[0-9/: ]+ OK\n", shown, re.DOTALL)
    if not read:
        reason = re.search(r"Not available .*|Invalid: .*", shown)
        return because(reason[0])
    if case["kind"] == "txt":
        # It reads no id.
        return ""
    mode, mx, duration = read.groups()
    # It shows patterns with spaces between them, and a pattern may hold one.
    body = bytes.fromhex(case["records"][0][0]) if case["kind"] == "policy" else b""
    mx = mx.split(" ") if len(re.findall(rb"^\s*mx\s*:", body, re.M)) > 1 else [mx]
    units = {"h": 3600, "m": 60, "s": 1}
    seconds = sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)([hms])", duration))
    return policy({"mode": mode, "max_age": seconds}, mx)


CHASQUID = os.environ.get("CHASQUID")
SENDERS = [
    ("chasquid", chasquid, (*FETCHED, "txt")),
    ("postfix-mta-sts-resolver", postfix_mta_sts_resolver, (*FETCHED, "txt")),
    ("checkdmarc", checkdmarc, (*FETCHED, "txt", "tlsrpt")),
    ("tlsrpt-reporter", tlsrpt_reporter, ("tlsrpt",)),
]


def version(sender):
    if sender != "chasquid":
        return importlib.metadata.version(sender)
    with open(os.path.join(CHASQUID, "version"), encoding="utf-8") as file:
        return file.read().strip()


def main():
    # The only place where it tells why it could not fetch; it is asked once, so a failure ends the run.
    logging.getLogger("RES").addFilter(lambda record: because(str(record.args[1])))
    pool = concurrent.futures.ThreadPoolExecutor(4)
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = [json.loads(line) for line in file]
    for sender, read, kinds in SENDERS:
        if sender == "chasquid" and not CHASQUID:
            continue
        print(json.dumps({"sender": sender, "version": version(sender)}))
        its = [case for case in cases if case["kind"] in kinds]
        for case, value in zip(its, pool.map(read, its)):
            if value is not ...:
                octets = value if value is None else value.encode("utf-8", "surrogateescape").hex()
                print(json.dumps({"kind": case["kind"], "name": case["name"], "sender": sender, "value": octets}))


main()
