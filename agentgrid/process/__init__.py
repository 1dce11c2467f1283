"""Programs and their terminals: what runs in a pane, and what keeps it running.

    server (hosts) ──starts──▸ spawner ──forks──▸ host ──PTY──▸ the program and all it starts
           └────────── unix socket, the PTY's descriptor ─────────┘

pty           start a program in a PTY; read, write, resize. Alone imports ptyprocess
problem       why a program did not start, in a line for the person at the keyboard
host          the pane host's program: parent and subreaper of what runs in one pane, keeper of its PTY
ending        who gets which signal when a pane is ended
tracing       the host's side of a trace: the kernel is answered, records are sent
records       the server's side of it: records are read
descendants   which processes a program has started
foreground    which program has a pane's terminal
usage       what a program and all that it has started take of the machine
spawner       the lean process that forks hosts
spawning      the server's side of it: hosts are started
hosts         the server's side of a host: heard, found, taken over
wire          JSON lines and descriptors over a unix socket
credentials   whose process is at the other end of a socket
system        what Linux offers beyond the standard library
usage         processor and memory of a program and all that it has started

What a host loads is loaded nine times and more, and must go on for weeks while the files it came from are replaced:
``host``, ``spawner`` and what they import (of other packages ``workspace.trace`` alone) use the standard library and ptyprocess
only, and import nothing later.
"""
