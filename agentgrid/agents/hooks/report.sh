#!/bin/sh
# Reports one event of an agent's hook to agentgrid: report.sh AGENT EVENT, the event's JSON on standard input.
#
# The event becomes a file in the folder $AGENTGRID_HOOKS, whole or not at all, and its name a line in the pipe "bell" there.
# It never fails and never waits: what it cannot do it leaves. The pipe is opened for reading too, so that opening it does
# not wait for a reader, and a line is shorter than what a pipe takes at once.
# Before a write, where a guard is wanted, a program takes its place that waits a moment for the server's word (guard.py).
case "${AGENTGRID_GUARD:+guarded} $2" in
  "guarded PreToolUse" | "guarded BeforeTool" | "guarded preToolUse")
    [ -x "${AGENTGRID_PYTHON:-}" ] && [ -r "$AGENTGRID_GUARD" ] && exec "$AGENTGRID_PYTHON" -I -S "$AGENTGRID_GUARD" "$1" "$2" 2>/dev/null
    ;;
esac
folder=${AGENTGRID_HOOKS:-}
if [ -d "$folder" ]; then
  umask 077
  name=$1.$2.$$
  if cat >"$folder/.$name" && mv "$folder/.$name" "$folder/$name" && [ -p "$folder/bell" ]; then
    printf '%s\n' "$name" 1<>"$folder/bell"
  fi
else
  cat >/dev/null
fi 2>/dev/null
exit 0
