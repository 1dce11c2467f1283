"""agentgrid: a terminal multiplexer for people who run several coding agents at once.

The map, top to bottom; a package imports only what stands below it (``pyproject.toml`` keeps that):

    cli                              verbs, flags, exit codes
    ui                               the Textual client
    client | server                  the door to a session | everything alive
    protocol                         messages and framing, sans-IO
    session | config                 the model, values only | options, files, themes
    agents                           what each agent CLI looks like
    process                          programs and PTYs, and whoever keeps them
    workspace | terminal             folders and files | bytes to rows
    addresses | names | tables       where sessions' sockets stand | what a name may be | TOML to structs
    errors | geometry | paths

Start reading at ``docs/architecture.md``.
"""

__version__ = "0.1.0"
