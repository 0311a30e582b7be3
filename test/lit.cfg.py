# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How lit runs the tests: what each %word in a RUN line means."""

import os
import subprocess
import sys

import lit.formats

config.name = "devlife"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".c", ".test"]
config.excludes = ["Inputs", "unit"]
config.test_source_root = os.path.dirname(__file__)

corpus = os.path.join(config.source_root, "corpus")
flags = f"-std=gnu11 -nostdinc -I {corpus}/include -D__KERNEL__ -DMODULE '-DKBUILD_MODNAME=\"test\"'"
tidy = os.path.join(config.llvm_bin, "clang-tidy")
preload = ""
if config.sanitize:
    runtime = subprocess.check_output(
        [os.path.join(config.llvm_bin, "clang++"), "-print-file-name=libclang_rt.asan-x86_64.so"], text=True).strip()
    preload = f"env LD_PRELOAD={runtime} "
    config.environment["ASAN_OPTIONS"] = "detect_leaks=0"


def database(name: str, *flags: str) -> str:
    """Make a compile database of the corpus; most tests share one of the two."""
    out = os.path.join(config.test_exec_root, "databases", name)
    subprocess.run([sys.executable, os.path.join(corpus, "compile_commands.py"), "--out", out,
                    *[f"--extra-flag={flag}" for flag in flags]],
                   check=True, stdout=subprocess.DEVNULL)
    return out


repair = os.path.join(config.test_source_root, "fix", "Inputs", "repair.py")
clang = os.path.join(config.llvm_bin, "clang")
tree = os.path.join(config.test_source_root, "Inputs", "tree.py")
config.substitutions += [
    # The corpus as a hybrid tree, and as one that declares the managed calls.
    ("%managed-db", database("managed", "-DDEVLIFE_TREE_DECLARES_PCIM_VECTORS=1")),
    ("%hybrid-db", database("hybrid")),
    ("%repair", f"{config.python} {repair} --devlife {config.devlife} --clang {clang} --corpus {corpus}"),
    ("%tree", f"{config.python} {tree} --clang {clang} --include {corpus}/include"),
    ("%devlife-tidy", os.path.join(config.source_root, "scripts", "devlife-tidy")),
    ("%devlife", config.devlife),
    ("%module", config.module),
    ("%tidy", f"{preload}{tidy} --load={config.module} --quiet"),
    ("%corpus-flags", flags),
    ("%corpus-db", f"{config.python} {corpus}/compile_commands.py --out"),
    ("%corpus", corpus),
    ("%source", config.source_root),
    ("%python", config.python),
    ("%clang", clang),
]
for tool in ("FileCheck", "not", "split-file", "count"):
    # As a word of its own, not in --implicit-check-not= or in a file's name.
    config.substitutions.append((rf"(?<![-/.\w]){tool}(?![-/.\w=])", os.path.join(config.llvm_bin, tool)))
config.environment["PATH"] = config.llvm_bin + os.pathsep + os.environ["PATH"]
