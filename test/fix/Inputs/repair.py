#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Repair a _bad module of the corpus in a copy, and judge the result.

Prints the patch. Exits with 1, and says why on stderr, unless

 * `devlife fix --apply` makes the same files as its patch, taken by git;
 * the result compiles without a warning in a tree with the managed calls;
 * `devlife fix` and a second scan in that tree find nothing more to say;
 * no line is laid out as no maintainer would take it;
 * with --twin, the result is the _ok twin but for names and comments.
"""

import argparse
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

MANAGED = "-DDEVLIFE_TREE_DECLARES_PCIM_VECTORS=1"
WARNINGS = ["-Wall", "-Wunused-label", "-Wunused-function", "-Wunused-but-set-variable",
            "-Werror=implicit", "-Werror"]
LAYOUT = [
    (r"\n\n\n", "two blank lines"),
    (r"\n\n\t*\}", "a blank line before a closing brace"),
    (r"\{\n\n", "a blank line after an opening brace"),
    (r"[ \t]\n", "blanks at the end of a line"),
    (r"\n +\S(?<!\*)", "an indent of blanks"),
    (r"\n\t*if \([^\n]*\)(?<!\)\)) [a-z_]+[^\n]*;\n", "a statement on the line of its if"),
    (r"\n(\t*)(?:if|for|while) [^\n]*\{\n[^\n;]*;\n\1\}\n", "braces around one statement"),
]


def run(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(c) for c in command], capture_output=True, text=True,
                          errors="replace", **options)  # type: ignore[call-overload]


def sources(root: Path, situation: str, module: str) -> dict[str, str]:
    """The files of a module, by path below the situation's folder."""
    at = root / situation / module
    files = sorted(at.iterdir()) if at.is_dir() else [at.with_name(module + ".c")]
    return {str(f.relative_to(root / situation)): f.read_text() for f in files}


def meaning(text: str) -> list[str]:
    """The lines of a file without its comments, the macro of the tree and the endings."""
    text = re.sub(r"[ \t]*/\*.*?\*/\n?", "", text, flags=re.DOTALL)
    text = re.sub(r"#define DEVLIFE_TREE_DECLARES_PCIM_VECTORS 1\n", "", text)
    text = re.sub(r"_(?:bad|ok)\b", "", text)
    return [line for line in re.sub(r"\n{2,}#include", "\n#include", text).splitlines() if line]


def make_copy(corpus: Path, situation: str, modules: list[str], to: Path) -> None:
    shutil.rmtree(to, ignore_errors=True)
    (to / situation).mkdir(parents=True)
    shutil.copytree(corpus / "include", to / "include")
    shutil.copy(corpus / "compile_commands.py", to)
    for module in modules:
        at = corpus / situation / module
        if at.is_dir():
            shutil.copytree(at, to / situation / module)
        elif at.with_name(module + ".c").exists():
            shutil.copy(at.with_name(module + ".c"), to / situation)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--devlife", required=True)
    parser.add_argument("--clang", required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--twin", action="store_true")
    parser.add_argument("--left", action="store_true",
                        help="the finding may stay: only part of it can be repaired")
    parser.add_argument("--situation", default="irq-vectors", help="folder of the corpus")
    parser.add_argument("name")
    parser.add_argument("work", type=Path)
    args = parser.parse_args()
    bad, good = args.name + "_bad", args.name + "_ok"
    situation = "drivers/" + args.situation
    problems: list[str] = []

    shutil.rmtree(args.work, ignore_errors=True)
    tree, patched = args.work / "tree", args.work / "patched"
    for to in (tree, patched):
        make_copy(args.corpus, situation, [bad], to)
    os.environ["GIT_CEILING_DIRECTORIES"] = str(args.work.resolve())
    before = sources(tree, situation, bad)

    def database(out: Path, *flags: str) -> Path:
        made = run(sys.executable, tree / "compile_commands.py", "--out", out,
                   *[f"--extra-flag={flag}" for flag in flags])
        assert made.returncode == 0, made.stderr
        return out

    plain = database(args.work / "plain")
    fix = [args.devlife, "fix", "-p", plain, "--assume-managed-vectors"]
    patch = run(*fix)
    print(patch.stdout, end="")
    patch_file = args.work / "patch"
    patch_file.write_text(patch.stdout)
    taken = run("git", "-C", patched, "apply", patch_file.resolve())
    if taken.returncode:
        problems.append("git does not take the patch: " + taken.stderr)
    applied = run(*fix, "--apply")
    after = sources(tree, situation, bad)
    if after != sources(patched, situation, bad):
        problems.append("--apply and the patch make different files")
    if after == before:
        problems.append("nothing was repaired: " + patch.stderr)
    wanted = (0, 1) if args.left else (0,)
    for what, done in (("the patch", patch), ("--apply", applied)):
        if done.returncode not in wanted:
            problems.append(f"{what} ended with {done.returncode}: {done.stderr}")

    for entry in json.loads((database(args.work / "managed", MANAGED)
                             / "compile_commands.json").read_text()):
        compiled = run(args.clang, *[a for a in entry["arguments"][1:] if a != "-c"],
                       "-fsyntax-only", *WARNINGS, cwd=entry["directory"])
        if compiled.returncode:
            problems.append("does not compile: " + compiled.stderr)
    again = run(args.devlife, "scan", "-p", args.work / "managed")
    if again.returncode not in wanted or "1 module" not in again.stderr:
        problems.append(f"the second scan ended with {again.returncode}: "
                        + again.stdout + again.stderr)

    for file, text in after.items():
        for pattern, what in LAYOUT:
            for found in re.finditer(pattern, text):
                if found.group() not in before[file]:
                    line = text.count("\n", 0, found.start() + 1) + 1
                    problems.append(f"{file}:{line}: {what}: {found.group()!r}")
                elif text.count(found.group()) > before[file].count(found.group()):
                    problems.append(f"{file}: {what}, not there before: {found.group()!r}")

    if args.twin:
        twin = sources(args.corpus, situation, good)
        for file, text in after.items():
            want = meaning(twin[file.replace(bad, good)])
            problems += difflib.unified_diff(want, meaning(text), "twin of " + file,
                                             "repaired " + file, lineterm="", n=2)
    for problem in problems:
        print(problem, file=sys.stderr)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
