"""What opens over the grid; the panes' programs go on below.

dialog     what all of them share: a box, a title, keys at its foot, Esc
help       all keys, from the table of actions
pick       choose one of many, by typing a part of it: palette, themes, sessions, parked panes
ask        one line of text
confirm    yes or no
new_pane   what to start, where, with which prompt
reading    a text to read
explain    why a pane is in its state
attention  who needs the person, and the answer given from here
"""
