#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small trees of drivers for tests.

db DIR       writes DIR/compile_commands.json for all .c files in DIR: each is
             a module; a folder below is one module of all its files
compile DIR  compiles what that database names, with warnings as errors
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

WARNINGS = ["-Wall", "-Wunused-label", "-Wunused-function",
            "-Wunused-but-set-variable", "-Werror=implicit", "-Werror"]


def make_database(tree: Path, include: Path, flags: list[str]) -> int:
    entries = []
    for file in sorted(tree.rglob("*.c")):
        below = file.relative_to(tree)
        module = below.parts[-2] if len(below.parts) > 1 else file.stem
        entries.append({
            "directory": str(tree),
            "file": str(below),
            "arguments": ["clang", "-std=gnu11", "-nostdinc", "-I", str(include),
                          "-I", str(Path(__file__).parent), "-D__KERNEL__", "-DMODULE",
                          f'-DKBUILD_MODNAME="{module}"', *flags, "-c", str(below)]})
    if not entries:
        print(f"no .c file below {tree}", file=sys.stderr)
        return 1
    (tree / "compile_commands.json").write_text(json.dumps(entries, indent=1))
    return 0


def compile_all(tree: Path, clang: str) -> int:
    failed = 0
    for entry in json.loads((tree / "compile_commands.json").read_text()):
        arguments = [a for a in entry["arguments"][1:] if a != "-c"]
        failed |= subprocess.run([clang, *arguments, "-fsyntax-only", *WARNINGS],
                                 cwd=entry["directory"]).returncode
    return bool(failed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--include", type=Path, required=True)
    parser.add_argument("--clang", required=True)
    parser.add_argument("what", choices=["db", "compile"])
    parser.add_argument("tree", type=Path)
    parser.add_argument("flags", nargs="*")
    args = parser.parse_args()
    tree = args.tree.resolve()
    if args.what == "db":
        return make_database(tree, args.include, args.flags)
    return compile_all(tree, args.clang)


if __name__ == "__main__":
    sys.exit(main())
