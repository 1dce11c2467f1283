"""How an agent reports to us, for one launch only and with the user's own files untouched.

launching  what to add to a launch: arguments, environment, files
report.sh  what the hooks run: writes the event to a file and says so; never fails, never waits
guard.py   what they run before a write instead, where a guard is wanted: it waits a moment for an answer
inbox      where the reports arrive
parsing    a report to signals and edits, one table an agent
opencode   the event stream that stands in for hooks there: HTTP without a wire, events to signals
link       its connection: a socket that never blocks
"""
