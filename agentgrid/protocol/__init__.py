"""What server and clients say to each other. No I/O here.

messages     frozen structs
codec        messages to bytes and back
connection   bytes in, messages out; framing, handshake state, errors split by whose fault
"""
