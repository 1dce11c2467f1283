"""What each verb does: a function that gets the ``Call`` and its words by name, and returns an exit code.

up           start or attach            sessions    detach, ls, down
attach       show a session             panes       new, close, restart, rename, move, focus, zoom, park, unpark
typing       send, keys, broadcast      status      status, explain
screen       what a pane shows          wait        until something is true
events       what happens               record      a pane's output to a file
replay       a recording on this terminal           settings    themes, config
doctor       what this terminal, system and agents can do
demo         nine scripted agents       completion  for shells
"""
