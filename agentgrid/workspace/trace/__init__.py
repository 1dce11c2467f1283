"""Who wrote that file: the kernel asks before a traced program opens a file for writing, and we write down which and go on.

    filter       which system calls the kernel is to tell of, as a program for it
    install      in the child, before its program starts: no way back from there
    memory       read the path that a call names
    supervisor   answers the kernel, within microseconds, and writes records
    desk         what a host that is killed leaves to the next: the call it was at, and the records it had not sent
    outlet       records on their way to the server, which may be slow, or not there
    records      the records: bytes and back
    kernel       numbers and structures of the kernel's interface

seccomp user notification (seccomp_unotify(2)), Linux on x86-64 and aarch64, without privileges. It lives in the pane host,
nine times and more: standard library only, and nothing imported later. What a record says is that a program *tried*;
whether a file changed is for the watcher to say (``fusion``).
"""
