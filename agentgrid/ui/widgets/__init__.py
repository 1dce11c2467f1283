"""The widgets of the grid. They draw finished rows and report nothing: keys and mouse are dealt with above them.

rows         a widget that is a list of finished rows
grid_view    the container: places and the lines between
pane_view    one cell: header and screen
header       what a header row says (pure)
roster       the others, beside a zoomed pane
status_line  the last row
choice       one of a few, in a row (for dialogs)
"""
