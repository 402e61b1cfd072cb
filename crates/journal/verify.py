#!/usr/bin/env python3
"""Check an export of the journal. Python's standard library only.

    verify.py EXPORT [--checkpoint NOTE --key VKEY]

EXPORT is a file of JSON lines, one entry each, in order:

    {"seq": 1, "at": "...", "actor": "...", "role": "...", "action": "...",
     "subject": "...", "reason": null or "...", "salt": "32 hex digits",
     "change": "the change as JSON text, in a string", "leaf": "64 hex digits"}

An entry whose reason and change were erased, or are withheld from outsiders,
has reason, salt and change null and "commitment": "64 hex digits".

NOTE is a file with a signed checkpoint that you received earlier, VKEY the
journal's public key (name+hash+base64), which you had from somewhere else.

Prints what it found. Exit status: 0 the export verifies, 1 it does not,
2 a file or argument cannot be read.
"""

import argparse
import base64
import hashlib
import json
import re
import sys

LABEL = b"throughline-journal entry v1\n"


class Fault(Exception):
    """What is wrong with the export, in a sentence."""


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# --- An entry and its leaf --------------------------------------------------


def u64(number):
    return number.to_bytes(8, "big")


def text(value):
    data = value.encode("utf-8")
    return u64(len(data)) + data


def option(value):
    return b"\x00" if value is None else b"\x01" + text(value)


def lowercase_hex(value, size):
    if not isinstance(value, str) or not re.fullmatch("[0-9a-f]{%d}" % (2 * size), value):
        raise ValueError("not %d lowercase hexadecimal digits" % (2 * size))
    return bytes.fromhex(value)


def commitment_of(entry):
    if is_without_change(entry):
        return lowercase_hex(entry["commitment"], 32)
    return sha256(
        lowercase_hex(entry["salt"], 16),
        option(entry["reason"]),
        entry["change"].encode("utf-8"),
    )


def is_without_change(entry):
    return all(entry[field] is None for field in ("reason", "salt", "change"))


def leaf_of(entry):
    return sha256(
        b"\x00",
        LABEL,
        u64(entry["seq"]),
        *(text(entry[field]) for field in ("at", "actor", "role", "action", "subject")),
        commitment_of(entry),
    )


# --- The Merkle tree (RFC 6962) ---------------------------------------------


class Tree:
    """The roots of the complete subtrees, largest first."""

    def __init__(self):
        self.size = 0
        self.peaks = []

    def append(self, leaf):
        node, size = leaf, self.size
        while size & 1:
            node = sha256(b"\x01", self.peaks.pop(), node)
            size >>= 1
        self.peaks.append(node)
        self.size += 1

    def root(self):
        if not self.peaks:
            return sha256()
        node = self.peaks[-1]
        for left in reversed(self.peaks[:-1]):
            node = sha256(b"\x01", left, node)
        return node


# --- Ed25519 signatures (RFC 8032) ------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def decompress(data):
    """The point (x, y) of 32 bytes; a fault if there is none."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or y >= P or (x == 0 and sign):
        raise Fault("a key or signature holds bytes that are no point of the curve")
    return (P - x if x & 1 != sign else x), y


def add(one, other):
    """The sum of two points in projective coordinates (X, Y, Z)."""
    (x1, y1, z1), (x2, y2, z2) = one, other
    z = z1 * z2 % P
    xx, yy = x1 * x2 % P, y1 * y2 % P
    twist = D * xx * yy % P
    minus, plus = (z * z - twist) % P, (z * z + twist) % P
    cross = ((x1 + y1) * (x2 + y2) - xx - yy) % P
    return z * minus * cross % P, z * plus * (yy + xx) % P, minus * plus % P


def multiply(scalar, point):
    total, power = (0, 1, 1), (point[0], point[1], 1)
    while scalar:
        if scalar & 1:
            total = add(total, power)
        power = add(power, power)
        scalar >>= 1
    return total


def is_signed(public, message, signature):
    base = decompress((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    key, commitment = decompress(public), decompress(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if scalar >= ORDER or multiply(8, key)[0] == 0:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    x1, y1, z1 = multiply(scalar, base)
    x2, y2, z2 = add((*commitment, 1), multiply(challenge, key))
    return (x1 * z2 - x2 * z1) % P == 0 and (y1 * z2 - y2 * z1) % P == 0


# --- Signed checkpoints (C2SP signed-note, tlog-checkpoint) -----------------


def read_key(vkey):
    name, written_hash, encoded = vkey.split("+", 2)
    key = base64.b64decode(encoded, validate=True)
    if len(key) != 33 or key[0] != 1:
        raise ValueError("the key is not an Ed25519 key")
    if sha256(name.encode(), b"\n", key)[:4].hex() != written_hash:
        raise ValueError("the key's hash does not fit its name and bytes")
    return name, bytes.fromhex(written_hash), key[1:]


def open_checkpoint(note, vkey):
    """The size and root of a checkpoint that this key signed."""
    name, key_id, public = read_key(vkey)
    body, divider, lines = note.rpartition("\n\n")
    if not divider or not lines.endswith("\n"):
        raise ValueError("the checkpoint is not a signed note")
    body += "\n"
    signed = False
    for line in lines[:-1].split("\n"):
        mark, signer, encoded = line.split(" ")
        data = base64.b64decode(encoded, validate=True)
        if mark != "\u2014":
            raise ValueError("a signature line does not begin with a dash")
        if signer == name and data[:4] == key_id:
            if len(data) != 68 or not is_signed(public, body.encode(), data[4:]):
                raise Fault("the checkpoint's signature is forged or its text was altered")
            signed = True
    if not signed:
        raise Fault("the checkpoint is not signed by this key")
    origin, size, root = body[:-1].split("\n")
    if origin != name:
        raise Fault("the checkpoint is of another journal: %s" % origin)
    return int(size), base64.b64decode(root, validate=True)


# --- The whole check --------------------------------------------------------


def check_entry(line, tree):
    """Appends the entry of this line; whether it came without its change."""
    expected = tree.size + 1
    try:
        entry = json.loads(line)
        seq, stored = entry["seq"], lowercase_hex(entry["leaf"], 32)
        if seq != expected:
            raise Fault("entry %d is missing or out of order: entry %s stands there" % (expected, seq))
        leaf = leaf_of(entry)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Fault("entry %d cannot be read: %s" % (expected, type(error).__name__)) from error
    if leaf != stored:
        raise Fault("entry %d was altered: it hashes to %s, not to its leaf" % (seq, leaf.hex()))
    tree.append(leaf)
    return entry["change"] is None


def expect_checkpoint(tree, checkpoint):
    if checkpoint and tree.size == checkpoint[0] and tree.root() != checkpoint[1]:
        raise Fault("history was rewritten: the first %d entries do not have the checkpoint's root" % tree.size)


def verify(lines, checkpoint):
    tree, without = Tree(), 0
    expect_checkpoint(tree, checkpoint)
    for line in lines:
        without += check_entry(line, tree)
        expect_checkpoint(tree, checkpoint)
    if checkpoint and tree.size < checkpoint[0]:
        raise Fault("the journal was rewound: the checkpoint counts %d entries, here are %d" % (checkpoint[0], tree.size))
    return tree, without


def main():
    parser = argparse.ArgumentParser(description="Check an export of the journal.")
    parser.add_argument("export")
    parser.add_argument("--checkpoint", help="file with a signed checkpoint received earlier")
    parser.add_argument("--key", help="the journal's public key, name+hash+base64")
    options = parser.parse_args()
    if (options.checkpoint is None) != (options.key is None):
        parser.error("--checkpoint and --key belong together")
    try:
        checkpoint = None
        if options.checkpoint:
            with open(options.checkpoint, encoding="utf-8", newline="") as note:
                checkpoint = open_checkpoint(note.read(), options.key)
        with open(options.export, encoding="utf-8", newline="\n") as lines:
            tree, without = verify(lines, checkpoint)
    except Fault as fault:
        print("DOES NOT VERIFY: %s" % fault)
        return 1
    except (OSError, ValueError) as error:
        print("cannot be read: %s" % error, file=sys.stderr)
        return 2
    print("verifies: %d entries, %d of them without their change, root %s" % (tree.size, without, tree.root().hex()))
    if checkpoint is None:
        print("no checkpoint was given: that the journal is the one it was earlier is not shown")
    return 0


if __name__ == "__main__":
    sys.exit(main())
