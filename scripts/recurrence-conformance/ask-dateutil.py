"""Answers each rule of standard input with python-dateutil: a JSON array of {rule, anchor} in, {version, occurrences} out."""

import itertools
import json
import sys
from datetime import datetime

import dateutil
from dateutil.rrule import rrulestr

FIRST = int(sys.argv[1])


def occurrences(case):
    start = datetime.fromisoformat(case["anchor"])
    try:
        found = itertools.islice(rrulestr(case["rule"], dtstart=start), FIRST)
    except ValueError as error:
        # It finds out by itself that some rules never have a date.
        if "empty set" in str(error):
            return []
        raise
    return [moment.strftime("%Y-%m-%dT%H:%M").zfill(16) for moment in found]


cases = json.load(sys.stdin)
json.dump({"version": dateutil.__version__, "occurrences": [occurrences(case) for case in cases]}, sys.stdout)
