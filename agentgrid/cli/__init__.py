"""The command line: verbs, flags, exit codes.

    main         find the verb, run it, end with the right code
    words        a command line, read by a table; pure
    table        every verb, as data
    readers      words to values
    help         the table as help
    reference    the table as ``docs/cli.md``
    output       results on stdout, one line of diagnosis on stderr
    reach        from a verb to its session
    verbs        what each verb does, imported when it runs

What is imported for every verb is paid by ``agentgrid status``: annotations stand under TYPE_CHECKING, and what one verb
needs stands in its module.
"""
