"""does a grammar know the lines of job files?  GRAMMAR FILE...

Each pattern must be one; each line at the left edge must begin what it is:
a comment, a section, or an entry of the section it stands in.
"""
import json
import re
import sys

grammar = json.load(open(sys.argv[1]))
sections = [p for p in grammar["patterns"] if "begin" in p]
names = set(grammar["repository"])
comment = grammar["repository"]["comment"]["match"]


def walk(node):
    """all patterns, and what is included by name"""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("match", "begin", "end", "while"):
                re.compile(value)
            if key == "include" and value.startswith("#"):
                assert value[1:] in names, value
            walk(value)
    elif isinstance(node, list):
        for value in node:
            walk(value)


def entry_of(section, line):
    for p in section["patterns"]:
        if "begin" in p and re.match(p["begin"], line):
            return p
    return None


def colour(entry, text):
    """the names of all that is found in a value"""
    found = set()
    for p in entry["patterns"]:
        part = grammar["repository"].get(p["include"][1:])
        if part and re.search(part["match"], text):
            found.add(part["name"])
    return found


walk(grammar)
bad = 0
seen = set()
for file in sys.argv[2:]:
    section = entry = None
    for n, line in enumerate(open(file), 1):
        line = line.rstrip("\n")
        if line[:1] in ("#", ";"):
            entry = None
            if not re.match(comment, line):
                bad += 1
                print(f"{file}:{n}: no comment: {line}")
            continue
        if line[:1] in ("", " ", "\t"):
            if entry and not re.match(entry["while"], line):
                bad += 1
                print(f"{file}:{n}: the value ends: {line}")
            continue
        if line[0] == "[":
            section = next((s for s in sections
                            if re.match(s["begin"], line)), None)
            known = entry = section
            entry = None
        else:
            known = entry = section and entry_of(section, line)
            if entry:
                seen |= colour(entry, line[line.index("="):])
        if not known:
            bad += 1
            print(f"{file}:{n}: unknown: {line}")
for name in ("variable.other.pseq", "constant.numeric.pseq",
             "string.quoted.pseq", "keyword.operator.pseq",
             "keyword.control.reaction.pseq", "constant.language.pseq"):
    if name not in seen:
        bad += 1
        print(f"nothing is {name}")
sys.exit(bad > 0)
