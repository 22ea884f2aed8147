"""The command line ``axis``: thin. It reads arguments, calls the library door and prints what comes back.

::

    app.py         the root group and ``main``           table.py       names of the built-in commands, nothing imported
    group.py       lazy groups, options of every command session.py     what a run prints and where
    failures.py    exceptions -> message and exit code   progress.py    bars on a terminal's stderr
    files.py       inputs and outputs on disk            commands/      one file a command

Exit codes: 0 done; 1 findings (``audit``, ``contract verify``, ``plugins check``, a run failed by its profile); 2 bad
input, usage or refusal; 3 an error inside AXIS; 130 stopped by Ctrl-C.
"""

from axis_core.cli.app import main


__all__ = ["main"]
