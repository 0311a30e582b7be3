#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Write a compile_commands.json for the drivers of the corpus.

Below drivers/ stand situation folders. A .c file directly in one of them is a
module of its own, a sub folder of it is one module of all its .c files. As in
the kernel, '-' in a module's name becomes '_'.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Iterator, NamedTuple

CORPUS = Path(__file__).resolve().parent


class Unit(NamedTuple):
    """One file to compile and the module that it belongs to."""

    file: Path  # relative to the corpus
    modfile: str  # path of the module's object without suffix, as kbuild has it

    @property
    def modname(self) -> str:
        return self.modfile.rsplit("/", 1)[-1]


def units(drivers: Path) -> Iterator[Unit]:
    """All units below drivers/, sorted by path."""
    for file in sorted(drivers.glob("*/**/*.c")):
        situation, *rest = file.relative_to(drivers).parts
        name = rest[0] if len(rest) > 1 else file.stem
        modfile = f"drivers/{situation}/{name.replace('-', '_')}"
        yield Unit(file.relative_to(drivers.parent), modfile)


def command(unit: Unit, extra_flags: list[str]) -> dict[str, object]:
    """The entry of the compilation database for one unit."""
    return {
        "directory": str(CORPUS),
        "file": str(unit.file),
        "arguments": [
            "clang-19",
            "-std=gnu11",
            "-nostdinc",
            "-I",
            "include",
            "-D__KERNEL__",
            "-DMODULE",
            f'-DKBUILD_MODNAME="{unit.modname}"',
            f'-DKBUILD_MODFILE="{unit.modfile}"',
            *extra_flags,
            "-c",
            str(unit.file),
        ],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--out",
        type=Path,
        default=CORPUS,
        metavar="DIR",
        help="folder for compile_commands.json (default: the corpus)",
    )
    parser.add_argument(
        "--extra-flag",
        action="append",
        default=[],
        metavar="FLAG",
        help="one more compiler flag, for instance "
        "--extra-flag=-DDEVLIFE_TREE_DECLARES_PCIM_VECTORS; may be repeated",
    )
    args = parser.parse_args()

    commands = [command(unit, args.extra_flag) for unit in units(CORPUS / "drivers")]
    if not commands:
        print(f"{parser.prog}: no drivers below {CORPUS / 'drivers'}", file=sys.stderr)
        return 3

    args.out.mkdir(parents=True, exist_ok=True)
    path = args.out / "compile_commands.json"
    path.write_text(json.dumps(commands, indent=1) + "\n", encoding="utf-8")
    print(f"{path}: {len(commands)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
