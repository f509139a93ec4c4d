"""Writes test/recurrence/zone-transitions.json: when every IANA zone changes its offset, as CPython's zoneinfo sees it.

    python3 -m pip install tzdata==2026.6
    python3 scripts/zone-transitions.py

It reads the tzdata package alone, never the machine's own zone files. Zones that change alike share one entry:
{zones, offset: minutes at the first moment, changes: [[UTC second, minutes], …]}.
"""

import json
import pathlib
import zoneinfo
from datetime import datetime, timedelta, timezone

import tzdata

TARGET = pathlib.Path(__file__).parent.parent / "test" / "recurrence" / "zone-transitions.json"
# 2000 to the end of the next ten years, then years in which only a zone's last rule can answer.
WINDOWS = [(2000, 2037), (2050, 2051), (2096, 2097), (2100, 2101), (2400, 2401), (5000, 5001), (9998, 9999)]


def offset_minutes(zone, second):
    seconds = (datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=second)).astimezone(zone).utcoffset().total_seconds()
    return round(seconds / 60, 4) if seconds % 60 else int(seconds // 60)


def epoch_second(year):
    return int((datetime(year, 1, 1, tzinfo=timezone.utc) - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds())


def change_between(zone, low, high):
    before = offset_minutes(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        if offset_minutes(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


def window(zone, first_year, end_year):
    start, end = epoch_second(first_year), epoch_second(end_year)
    changes, last = [], offset_minutes(zone, start)
    for second in range(start, end, 86400):
        if offset_minutes(zone, second + 86400) != last:
            at = change_between(zone, second, second + 86400)
            last = offset_minutes(zone, at)
            changes.append([at, last])
    return {"from": start, "until": end, "offset": offset_minutes(zone, start), "changes": changes}


def main():
    zoneinfo.reset_tzpath(to=[])
    groups = {}
    for name in sorted(zoneinfo.available_timezones()):
        zone = zoneinfo.ZoneInfo(name)
        windows = json.dumps([window(zone, *years) for years in WINDOWS], separators=(",", ":"))
        groups.setdefault(windows, []).append(name)
    lines = [f'{{"zones": {json.dumps(names)}, "windows": {windows}}}' for windows, names in groups.items()]
    body = ",\n".join(lines)
    TARGET.write_text(f'{{"version": "{tzdata.IANA_VERSION}", "groups": [\n{body}\n]}}\n')


main()
