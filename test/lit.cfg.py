# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How lit runs the tests: what each %word in a RUN line means."""

import os
import subprocess

import lit.formats

config.name = "devlife"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".c", ".test"]
config.excludes = ["Inputs", "unit"]
config.test_source_root = os.path.dirname(__file__)

corpus = os.path.join(config.source_root, "corpus")
flags = f"-std=gnu11 -I {corpus}/include -D__KERNEL__ -DMODULE"
tidy = os.path.join(config.llvm_bin, "clang-tidy")
preload = ""
if config.sanitize:
    runtime = subprocess.check_output(
        [os.path.join(config.llvm_bin, "clang++"), "-print-file-name=libclang_rt.asan-x86_64.so"], text=True).strip()
    preload = f"env LD_PRELOAD={runtime} "
    config.environment["ASAN_OPTIONS"] = "detect_leaks=0"

config.substitutions += [
    ("%devlife-tidy", os.path.join(config.source_root, "scripts", "devlife-tidy")),
    ("%devlife", config.devlife),
    ("%module", config.module),
    ("%tidy", f"{preload}{tidy} --load={config.module} --quiet"),
    ("%corpus-flags", flags),
    ("%corpus-db", f"{config.python} {corpus}/compile_commands.py --out"),
    ("%corpus", corpus),
    ("%source", config.source_root),
    ("%python", config.python),
    ("%clang", os.path.join(config.llvm_bin, "clang")),
]
for tool in ("FileCheck", "not", "split-file", "count"):
    config.substitutions.append((rf"\b{tool}\b", os.path.join(config.llvm_bin, tool)))
config.environment["PATH"] = config.llvm_bin + os.pathsep + os.environ["PATH"]
