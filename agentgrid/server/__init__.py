"""Everything alive: the process that owns a session, detached, one a session.

__main__     the server's process
daemon       start one or find it running; the lock; what it is started with
loop         readiness, timers and turns: the one place that waits
server       the session and its live things meet here and only here
runtime      one pane alive: its host, its emulator, its journal
pump         when panes are read and fed, so that keys come first and frames are paced
typing       bytes on their way to a program, in order, with pauses
attachment   one client: what it has seen and lacks
answers      what the requests of verbs are answered
waits        answers that are not true yet
launching    a pane's command, environment and folder, before its program starts
journal      what a pane printed, on disk, for the server's successor
store        the session's record on disk
"""
