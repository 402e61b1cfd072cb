"""Draws again from a certificate and a case list, following docs/draw.md and nothing else.

    redraw.py CERTIFICATE.json LIST.csv

LIST.csv has the columns reference and stratum, and size where the list gives sizes. Prints "the same" and ends with 0, or prints what
differs and ends with 1. Uses only Python's standard library.
"""

import csv
import hashlib
import json
import math
import struct
import sys


def read_list(path):
    with open(path, newline="", encoding="utf-8") as file:
        cases = [tuple(row.values()) for row in csv.DictReader(file)]
    return sorted(cases, key=lambda case: case[0].encode())


def digest(cases):
    version = b"2" if len(cases[0]) == 3 else b"1"
    encoded = b"throughline-frame-v" + version + b"\n" + struct.pack(">Q", len(cases))
    for case in cases:
        for text in case[:2]:
            encoded += struct.pack(">Q", len(text.encode())) + text.encode()
        for size in case[2:]:
            encoded += struct.pack(">Q", int(size))
    return hashlib.sha256(encoded).hexdigest()


def chacha20_block(key, counter, nonce):
    def quarter(a, b, c, d):
        for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            s[x] = (s[x] + s[y]) & 0xFFFFFFFF
            s[z] ^= s[x]
            s[z] = (s[z] << turn | s[z] >> (32 - turn)) & 0xFFFFFFFF

    start = list(struct.unpack("<4I8I4I", b"expand 32-byte k" + key + struct.pack("<QQ", counter, nonce)))
    s = start[:]
    for _ in range(10):
        for column in range(4):
            quarter(column, column + 4, column + 8, column + 12)
        for start_at in range(4):
            quarter(start_at, 4 + (start_at + 1) % 4, 8 + (start_at + 2) % 4, 12 + (start_at + 3) % 4)
    return struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(s, start)))


def numbers(key, nonce):
    counter = 0
    while True:
        yield from struct.unpack("<8Q", chacha20_block(key, counter, nonce))
        counter += 1


def below(stream, m):
    while True:
        x = next(stream)
        if x < 2**64 - 2**64 % m:
            return x % m


def shuffle(items, places, stream):
    items = items[:]
    for i in range(min(places, len(items))):
        j = i + below(stream, len(items) - i)
        items[i], items[j] = items[j], items[i]
    return items[:places]


def half_away(x):
    return math.floor(x) + (1 if x - math.floor(x) >= 0.5 else 0)


def added(terms):
    total = 0.0
    for term in terms:  # one by one in order: sum() compensates since Python 3.12
        total += term
    return total


def allocate(plan, populations):
    """populations: list of (name, size) in order."""
    kind = plan["allocation"]["kind"]
    size = plan["size"]
    if kind == "simple_random":
        return [size]
    if kind == "given":
        return [plan["allocation"]["sizes"][name] for name, _ in populations]
    sizes = [n for _, n in populations]
    weights = {
        "proportional": lambda: [float(n) for n in sizes],
        "equal": lambda: [1.0] * len(sizes),
        "neyman": lambda: [n * plan["allocation"]["spread"][name] for name, n in populations],
    }[kind]()
    floors = [min(plan["minimum_per_stratum"], n) for n in sizes]
    settled = {}
    while True:
        opened = [h for h in range(len(sizes)) if h not in settled]
        left = float(size - sum(settled.values()))
        use = weights if sum(weights[h] for h in opened) > 0 else [float(n) for n in sizes]
        total = added(use[h] for h in opened)
        quotas = {h: left * use[h] / total for h in opened}
        missing = added(max(0.0, floors[h] - quotas[h]) for h in opened)
        above = added(max(0.0, quotas[h] - sizes[h]) for h in opened)
        if missing * 1e9 < 0.5 and above * 1e9 < 0.5:
            break
        for h in opened:
            if missing >= above and quotas[h] < floors[h]:
                settled[h] = floors[h]
            elif missing < above and quotas[h] > sizes[h]:
                settled[h] = sizes[h]
    nanos = {h: half_away(quotas[h] * 1e9) for h in quotas}
    result = [settled.get(h, nanos[h] // 10**9 if h in nanos else 0) for h in range(len(sizes))]
    by_remainder = sorted(nanos, key=lambda h: (-(nanos[h] % 10**9), h))
    for h in by_remainder[: size - sum(result)]:
        result[h] += 1
    return result


def chance_of(numerator, denominator):
    return {"numerator": numerator, "denominator": denominator, "value": numerator / denominator}


def certain_stages(sizes):
    falling = sorted(range(len(sizes)), key=lambda i: (-sizes[i], i))
    certain, left, stages = [], sum(sizes), []
    for kept in range(len(sizes) + 1):
        while len(certain) < len(sizes) and (kept - len(certain)) * sizes[falling[len(certain)]] >= left > 0:
            left -= sizes[falling[len(certain)]]
            certain.append(falling[len(certain)])
        stages.append((set(certain), left))
    return stages


def eliminate(sizes, stream):
    """The places of the sizes, the one eliminated last first, and a function for their chances."""
    stages = certain_stages(sizes)
    remaining, fallen = list(range(len(sizes))), []
    for kept in range(len(sizes) - 1, 0, -1):
        (now, x_now), (before, x_before) = stages[kept], stages[kept + 1]
        others = kept + 1 - len(before)
        weights = [
            0
            if i in now
            else (x_now - (kept - len(now)) * sizes[i]) * max(1, others)
            if i in before
            else x_now * others - (kept - len(now)) * x_before
            for i in remaining
        ]
        number = below(stream, sum(weights))
        place = 0
        while number >= weights[place]:
            number -= weights[place]
            place += 1
        fallen.append(remaining.pop(place))

    def chance(i, n):
        certain, left = stages[n]
        return (1, 1) if i in certain else ((n - len(certain)) * sizes[i], left)

    return remaining + fallen[::-1], chance


def draw_whole_list(plan, key, cases):
    n, r, kind = plan["size"], plan["reserves_per_stratum"], plan["allocation"]["kind"]
    stream = numbers(key, 0)
    if kind == "systematic":
        cases = sorted(cases, key=lambda case: (case[1].encode(), case[0].encode()))
        start = below(stream, len(cases))
        places = [(start + i * len(cases)) // n for i in range(n)]
        rest = [place for place in range(len(cases)) if place not in places]
        places += shuffle(rest, r, stream)
        chances = [(n, len(cases))] * len(places)
    else:
        order, chance = eliminate([int(size) for _, _, size in cases], stream)
        places = order[: n + r]
        chances = [chance(place, n) for place in places]
    return [("whole list", len(cases), n, None, [(cases[p], c) for p, c in zip(places, chances)])]


def draw_areas(plan, key, cases):
    areas = sorted({case[1] for case in cases}, key=lambda name: name.encode())
    members = [[case for case in cases if case[1] == name] for name in areas]
    m, stream = plan["allocation"]["areas"], numbers(key, 2**64 - 1)
    if plan["allocation"]["by_size"]:
        order, chance = eliminate([len(listed) for listed in members], stream)
        drawn = [(area, chance(area, m)) for area in order[:m]]
    else:
        drawn = [(area, (m, len(areas))) for area in shuffle(list(range(len(areas))), m, stream)]
    for area, (top, bottom) in drawn:
        listed = members[area]
        n = min(plan["size"] // m, len(listed))
        r = min(plan["reserves_per_stratum"], len(listed) - n)
        both = (top * n, bottom * len(listed))
        chosen = shuffle(listed, n + r, numbers(key, area))
        yield areas[area], len(listed), n, (top, bottom), [(case, both) for case in chosen]


def draw_strata(plan, key, cases):
    groups = {}
    for case in cases:
        name = "whole list" if plan["allocation"]["kind"] == "simple_random" else case[1]
        groups.setdefault(name, []).append(case)
    ordered = sorted(groups.items(), key=lambda group: group[0].encode())
    sizes = allocate(plan, [(name, len(members)) for name, members in ordered])
    for number, ((name, members), n) in enumerate(zip(ordered, sizes)):
        r = min(plan["reserves_per_stratum"], len(members) - n)
        chosen = shuffle(members, n + r, numbers(key, number))
        yield name, len(members), n, None, [(case, (n, len(members))) for case in chosen]


def redraw(plan, key, cases):
    kind = plan["allocation"]["kind"]
    method = {"systematic": draw_whole_list, "proportional_to_size": draw_whole_list, "two_stage": draw_areas}
    strata, drawn = [], []
    for name, population, n, of_area, chosen in method.get(kind, draw_strata)(plan, key, cases):
        stratum = {"name": name, "population": population, "sampled": n, "reserves": len(chosen) - n}
        if of_area:
            stratum["inclusion_probability"] = chance_of(*of_area)
        strata.append(stratum)
        for position, (case, chance) in enumerate(chosen, 1):
            drawn.append(
                {
                    "reference": case[0],
                    "stratum": case[1],
                    "position": position,
                    "inclusion_probability": chance_of(*chance),
                    "reserve": position > n,
                }
            )
    return strata, drawn


def main(certificate_path, list_path):
    with open(certificate_path, encoding="utf-8") as file:
        certificate = json.load(file)
    cases = read_list(list_path)
    strata, drawn = redraw(certificate["plan"], bytes.fromhex(certificate["seed"]), cases)
    differences = [
        name
        for name, found in (("frame_digest", digest(cases)), ("strata", strata), ("cases", drawn))
        if certificate[name] != found
    ]
    print("differs: " + ", ".join(differences) if differences else "the same")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
