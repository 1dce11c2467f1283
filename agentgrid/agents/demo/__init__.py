"""A scripted agent that needs no account and no network: ``python -m agentgrid.agents.demo --role tides``.

It behaves in its terminal as coding agents do, so that a grid of them shows what agentgrid is for, and tests have a
program whose every state they can reach. Standard library only, so that it starts at once.

    __main__   the program: a PTY's end of the line, frames, keys, files
    agent      the mind: steps in, what is said, asked and waited for; no clock, no I/O
    steps      what an agent can do in a turn, as data
    roles      nine agents at work on the scratch project, as data
    looks      how an agent's mind is drawn: two looks, after the two families of agents
    paint      styled text to lines of a width, lines to the bytes of a frame
    keys       bytes from the terminal to keys and answers
    project    the files of the scratch project
"""
