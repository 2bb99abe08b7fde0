"""The command ``kg``: each command parses, calls and prints; all else is below.

What everybody asks first is answered out of a text that is made already, before a library is loaded.
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.cli.application import cli

__all__ = ["cli", "main"]


def main() -> None:
    """Run the command line; turn what goes wrong into one line and an exit code."""
    if len(sys.argv) == 2 and sys.argv[1] in {"-h", "--help"}:  # noqa: PLR2004 - the program and its one argument
        from kg.cli.overview import overview

        text = overview()
        if text is not None:
            try:
                print(text)  # noqa: T201 - what click would print
                sys.stdout.flush()
            except BrokenPipeError:
                from os import devnull, dup2, open  # noqa: A004 - of a descriptor

                dup2(open(devnull, 1), sys.stdout.fileno())
            return
    from kg.cli.application import main as run

    run()


def __getattr__(name: str) -> object:
    if name != "cli":
        raise AttributeError(f"module 'kg.cli' has no attribute '{name}'")
    from kg.cli.application import cli as whole

    return whole
