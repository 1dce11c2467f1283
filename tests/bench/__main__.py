"""The benchmarks of the parts: ``make bench``, or ``python -m tests.bench NAME…`` for some of them.

Every other module of this package is a benchmark: its first docstring line says what it compares, and ``main()`` prints
the figures, as ratios of two things measured in the same run, since absolute times mean little on another machine.
"""

import argparse
import importlib
import pkgutil

import tests.bench

BY_NAME = {"states_live"}
"""Those that need more than this checkout, and many minutes."""


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(module.name for module in pkgutil.iter_modules(tests.bench.__path__) if not module.name.startswith("_"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the parts of agentgrid, side by side.")
    parser.add_argument("names", metavar="NAME", nargs="*", choices=[[], *names()], help=", ".join(names()))
    for name in parser.parse_args().names or sorted(set(names()) - BY_NAME):
        benchmark = importlib.import_module(f"tests.bench.{name}")
        summary = (benchmark.__doc__ or name).splitlines()[0]
        print(f"\n{name}: {summary}\n", flush=True)
        benchmark.main()


if __name__ == "__main__":
    main()
