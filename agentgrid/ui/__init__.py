"""The Textual client: one screen of a session. Textual and Rich live here and nowhere else.

In, from the server:  link → client.mirror → stage → widgets/ (finished rows) → direct → driver
In, from the person:  driver → input → input_events → grid_app → keyboard | pointer → link, deeds

    app, grid_app      the beginning and the end | the app that brings the others together
    link               two connections on the event loop; looks for a new server when the old one is gone
    stage              what is on the screen: who stands where, who is active, how each is looked at
    arrangement        cells, pages, zoom, neighbours (pure)
    direct, cursor     which rows go to the terminal and which way | the terminal's own cursor
    difference         of a row that changed, the cells that are printed (pure)
    look, render       colours and attributes for the terminal | a line to bytes and segments (pure)
    row_strip, row_cache, chrome, parts     finished rows; headers and the status line as parts
    status, status_bar what the status line says
    keyboard, keymap, actions, deeds        what a key means, and what it does
    pointer, selection, viewport, copy_mode the mouse, selected text, looking back
    typed_ahead        keys for a dialog that is not drawn yet
    incoming, announcements                 what comes from the server | what of it is worth a bell or a line
    notice, attention, explained            a line for the person | who needs them next | why a pane is as it is
    styling, theme, user_css                themes and the person's own style sheet
    crash              a fault of ours: one line, the rest in a file
    widgets/, screens/ what is drawn | dialogs
    driver, input*, output, outer_modes     the outer terminal: bytes in, bytes out
"""
