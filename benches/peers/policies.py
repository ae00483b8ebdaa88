"""How long those written in Python take to parse each policy in a folder: policies.py FOLDER.

Prints a line a policy: whose parser, its name and nanoseconds, the best of several runs."""

import pathlib
import sys
import timeit

from checkdmarc.mta_sts import parse_mta_sts_policy as checkdmarc
from postfix_mta_sts_resolver.utils import parse_mta_sts_policy as postfix_mta_sts_resolver

PARSERS = {"postfix-mta-sts-resolver": postfix_mta_sts_resolver, "checkdmarc": checkdmarc}


def best(run):
    timer = timeit.Timer(run)
    times = max(1, int(0.02 / timer.timeit(1)))
    return round(min(timer.repeat(repeat=10, number=times)) / times * 1e9)


for file in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    text = file.read_text(encoding="ascii")
    for name, parse in PARSERS.items():
        print(name, file.name, best(lambda: parse(text)), sep="\t")
