"""Bytes to rows: what a program prints becomes a screen, a history and effects.

No clock, no file descriptor, no asyncio, no Textual.

    emulator        the seam: what the rest of agentgrid knows of a terminal
    pyte_emulator   the one implementation, over pyte.Screen
    parser          bytes to tokens
    sgr, style      SGR parameters to interned styles
    row             lines and runs: the values that go from here to the wire and the screen
    history         rows that scrolled away
    modes           modes by name
    reports         answers to what a program asks the terminal
    effects         what a program does besides drawing
    keys, mouse     events of a person, encoded as the program asked for them
"""
