"""The one door to a session, for the screen and for the verbs.

sessions    which sessions there are, and where their sockets stand
client      a connection to a server: blocking for a verb, by a loop for a screen
mirror      a session as a client knows it, patched by what the server sends; pure
"""
