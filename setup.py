"""Builds xxmfg._core, the one extension: src/core (plain C11) under src/python (the binding)."""

import sys
import sysconfig
from pathlib import Path

import numpy
from setuptools import Extension, setup

# The stable ABI of CPython 3.11 serves every later GIL build; a free-threaded build has no stable ABI yet.
STABLE_ABI = not sysconfig.get_config_var("Py_GIL_DISABLED")

OPTIMIZATION = [
    "-O3",
    "-fno-math-errno",
    "-ffp-contract=off",
    "-fno-strict-overflow",
    "-fno-delete-null-pointer-checks",
]
HARDENING = ["-fstack-protector-strong", "-fvisibility=hidden", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=3"]
LINKING = []
if sys.platform.startswith("linux"):
    HARDENING += ["-fstack-clash-protection"]
    # The resolvers of loops compiled for several lanes would be seen whatever -fvisibility says.
    LINKING += ["-Wl,-z,relro,-z,now,-z,noexecstack", "-Wl,--version-script=src/python/exports.map"]
    if sysconfig.get_platform().endswith("x86_64"):
        HARDENING += ["-fcf-protection=full"]

core = Extension(
    "xxmfg._core",
    sources=sorted(map(str, Path("src").glob("*/*.c"))),
    depends=sorted(map(str, [*Path("src").glob("*/*.h"), *Path("src").glob("*/*.map")])),
    include_dirs=["src/core"],
    define_macros=[("NPY_NO_DEPRECATED_API", "NPY_2_0_API_VERSION"), ("NPY_TARGET_VERSION", "NPY_2_0_API_VERSION")]
    + ([("Py_LIMITED_API", "0x030b0000")] if STABLE_ABI else []),
    extra_compile_args=["-std=gnu11", "-isystem", numpy.get_include(), "-pthread", *OPTIMIZATION, *HARDENING],
    extra_link_args=["-pthread", *LINKING],
    py_limited_api=STABLE_ABI,
)

setup(ext_modules=[core], options={"bdist_wheel": {"py_limited_api": "cp311"}} if STABLE_ABI else {})
