"""The model of a session: what panes there are and how they are arranged. Values only: no PTY, no clock, no I/O.

pane       a pane as everybody knows it
session    ``Session.apply(command) → events``
commands   what can be asked of a session
events     what happened in it
layout     a grid and a window to rectangles
select     the words a person names panes with: ``3``, ``claude-2``, ``%7``
"""
