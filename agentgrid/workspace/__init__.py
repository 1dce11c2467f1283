"""Folders and files: where the panes' programs work.

folders      a pane's folder: shared, a path, a worktree, a copy, scratch
worktrees    git worktrees of panes: made, and removed where no work is lost
git          run git
"""
