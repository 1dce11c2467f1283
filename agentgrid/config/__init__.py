"""What a person can choose: options, files, themes.

options     the schema: every option with its documentation, default and examples
values      texts with a grammar of their own: ``3x3``, ``claude*4``, ``worktree``, ``20m``
load        the files, merged key by key; where each value came from
agents      a pane's agent to a command
panes       what a session starts with
themes      colours, their files, and how a user's own is checked
contrast    how well a text can be read on its background
document    ``config init``, ``config show`` and the pages of ``docs/``, made from the schema
"""
