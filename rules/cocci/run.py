#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Run the Coccinelle scripts of this folder over a kernel tree.

Report mode prints one JSON object per finding, sorted, the file relative to
the tree. Patch and context mode print what spatch prints, file by file.

spatch passes over what it cannot parse without a word. Here such a region is
an error if it names one of the calls that the scripts look for, else it is
only counted. Whatever was found is printed even then.

Exit status: 0 done, findings or not; 2 wrong usage; 3 spatch is missing, failed
or timed out on a file, or could not parse a region that matters.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENABLE = "pcim_enable_device"

# What a file has to name for a script to find anything in it. Most files that
# enable a managed device do not, and are not worth starting spatch for.
NEEDS = {
    "hybrid_irq_vectors": re.compile(r"\bpci_alloc_irq_vectors"),
    "implicit_irq_vectors": re.compile(r"\bpci_alloc_irq_vectors"),
    "legacy_msi": re.compile(r"\bpci_enable_msi"),
}
CALLS = re.compile(r"\b(?:pcim_enable_device|pci_alloc_irq_vectors(?:_affinity)?|pci_free_irq_vectors"
                   r"|pci_enable_msi(?:x_range|x_exact)?|pci_disable_msix?)\b")

FINDING = re.compile(r"(?P<file>.+?):(?P<line>\d+):\d+-\d+: WARNING: (?P<message>.+)")
PARSE_ERROR = re.compile(r' = File "(?P<file>[^"]+)", line (?P<line>\d+),')


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    file: str
    line: int
    script: str
    message: str

    def json(self) -> str:
        return json.dumps({"script": self.script, "file": self.file, "line": self.line, "message": self.message})


@dataclasses.dataclass(frozen=True, order=True)
class Unparsed:
    file: str
    line: int
    names: str  # the calls named in the region, empty if none


@dataclasses.dataclass
class Result:
    findings: set[Finding] = dataclasses.field(default_factory=set)
    unparsed: set[Unparsed] = dataclasses.field(default_factory=set)
    errors: list[str] = dataclasses.field(default_factory=list)
    output: str = ""


def sources(tree: Path, paths: list[Path]) -> Iterator[Path]:
    """The files among paths, and the .c files under them that enable a managed device."""
    for path in paths:
        if path.is_file():
            yield path
            continue
        for folder, folders, files in os.walk(path):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in files:
                file = Path(folder, name)
                if name.endswith(".c") and ENABLE.encode() in file.read_bytes():
                    yield file


def unparsed(stderr: str) -> set[Unparsed]:
    """The regions of source files that spatch --verbose-parsing says it skipped."""
    regions: list[tuple[str, int, list[str]]] = []
    inside = False
    for line in stderr.splitlines():
        if line.startswith("parse error"):
            inside = False  # until a source file is named: spatch parses its own output, too
        elif where := PARSE_ERROR.match(line):
            regions.append((where["file"], int(where["line"]), []))
            inside = True
        elif inside and line.lower().startswith("bad:"):
            regions[-1][2].extend(CALLS.findall(line))
    return {Unparsed(file, line, ", ".join(sorted(set(names)))) for file, line, names in regions}


def run(spatch: str, script: str, mode: str, timeout: int, tree: Path, file: str) -> Result:
    command = [spatch, "--cocci-file", str(HERE / f"{script}.cocci"), "-D", mode, "--no-includes", "--include-headers",
               "--verbose-parsing", "--timeout", str(timeout), "--patch", ".", file]
    if mode == "report":
        command.insert(-1, "--no-show-diff")
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, errors="replace", check=False)
    result = Result(unparsed=unparsed(done.stderr))
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        result.errors.append(f"{file}: {script}: spatch exit status {done.returncode}: {last}")
    if mode == "patch" and "\n = error in " in done.stderr:
        result.errors.append(f"{file}: {script}: spatch cannot parse what it has rewritten")
    if mode != "report":
        result.output = done.stdout
        return result
    for line in done.stdout.splitlines():
        if found := FINDING.fullmatch(line):
            result.findings.add(Finding(found["file"], int(found["line"]), script, found["message"]))
        elif line.strip():
            result.errors.append(f"{file}: {script}: unexpected output of spatch: {line}")
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tree", type=Path, required=True, metavar="SRC", help="root of the kernel tree")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--mode", choices=["report", "patch", "context"], default="report")
    parser.add_argument("--script", choices=sorted(NEEDS), action="append", help="only this one; may be repeated")
    parser.add_argument("--timeout", type=int, default=200, metavar="S", help="seconds for one file and script")
    parser.add_argument("paths", type=Path, nargs="*", metavar="FILE|DIR",
                        help="relative to the tree or absolute; default: the whole tree")
    args = parser.parse_args()

    tree: Path = args.tree.resolve()
    if not (tree / "MAINTAINERS").is_file():
        parser.error(f"{args.tree} is not the root of a kernel tree")
    if args.jobs < 1 or args.timeout < 1:
        parser.error("jobs and timeout start at 1")
    paths = [(tree / path).resolve() for path in args.paths] or [tree]
    for path in paths:
        if not path.exists():
            parser.error(f"no such file or folder: {path}")
        if not path.is_relative_to(tree):
            parser.error(f"{path} is not in {tree}")
    spatch = shutil.which("spatch")
    if not spatch:
        print("run.py: error: spatch is not installed", file=sys.stderr)
        return 3

    start = time.monotonic()
    files = sorted(set(sources(tree, paths)))
    jobs: list[tuple[str, str]] = []
    for file in files:
        text = file.read_text(errors="replace")
        jobs += [(script, str(file.relative_to(tree))) for script in sorted(set(args.script or NEEDS))
                 if NEEDS[script].search(text)]

    total = Result()
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for result in pool.map(lambda job: run(spatch, job[0], args.mode, args.timeout, tree, job[1]), jobs):
            total.findings |= result.findings
            total.unparsed |= result.unparsed
            total.errors += result.errors
            total.output += result.output

    sys.stdout.write(total.output)
    for finding in sorted(total.findings):
        print(finding.json())
    for region in sorted(total.unparsed):
        if region.names:
            total.errors.append(f"{region.file}:{region.line}: spatch cannot parse a region that names {region.names}")
    for error in total.errors:
        print(f"run.py: error: {error}", file=sys.stderr)
    print(f"run.py: {len(files)} files, {len({file for _, file in jobs})} with calls of interest, {len(jobs)} runs, "
          f"{len(total.findings)} findings, {len(total.errors)} errors, {time.monotonic() - start:.0f} s; "
          f"not parsed: {len(total.unparsed)} regions in {len({region.file for region in total.unparsed})} files",
          file=sys.stderr)
    return 3 if total.errors else 0


if __name__ == "__main__":
    sys.exit(main())
