"""Moved to ``agentgrid.addresses``; this name goes when nothing imports it any more."""

from agentgrid.addresses import SessionAddress, address_for, answers, claim, running, session_name, session_root

__all__ = ["SessionAddress", "address_for", "answers", "claim", "running", "session_name", "session_root"]
