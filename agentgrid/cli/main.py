"""The command ``agentgrid``: find the verb, run it, say in one line what went wrong, end with the right code.

Exit codes: 0 yes or done, 1 no or timed out, 2 usage or configuration, 3 no such session or server, 4 version mismatch,
130 interrupted by Ctrl+C. A reader of our output that has seen enough is no error.

A verb's module is imported when the verb runs, so that ``status`` and ``--help`` do not pay for the screen.
"""

import gc
import sys
from collections.abc import Sequence

from agentgrid.errors import AgentgridError, UsageError

INTERRUPTED = 130  # 128 + SIGINT, as shells count.


def main(words: Sequence[str] | None = None) -> int:
    """Run a command line (the process's own by default); its exit code."""
    if words is None:
        gc.disable()  # What is imported stays: looking for garbage in it was a fifth of the time to a verb's first line.
    try:
        return _run(sys.argv[1:] if words is None else words)
    except AgentgridError as error:
        return _complain(error)
    except UnicodeEncodeError as error:  # A word or the name of a folder with bytes that are no text; the protocol has only text.
        return _complain(UsageError(f"{error.object!r:.80} is not UTF-8 text"))
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(words: Sequence[str]) -> int:
    from agentgrid.cli.table import DEFAULT, VERBS
    from agentgrid.cli.words import parse

    parsed = parse(VERBS, DEFAULT, words)
    if parsed.version or parsed.help or parsed.verb is None:
        from agentgrid import __version__
        from agentgrid.cli.help import overview, verb_help
        from agentgrid.cli.output import say

        say(f"agentgrid {__version__}" if parsed.version else overview() if parsed.verb is None else verb_help(parsed.verb))
        return 0
    from importlib import import_module

    from agentgrid.sparing import without

    module, _, function = parsed.verb.run.partition(":")
    with without("typing_extensions"):  # For msgspec.
        run = getattr(import_module(f"agentgrid.cli.verbs.{module}"), function)
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    code = run(parsed.call, **parsed.values)
    assert isinstance(code, int)
    return code


def _complain(error: AgentgridError) -> int:
    from agentgrid.cli.output import complain

    complain(str(error))
    return error.exit_code
