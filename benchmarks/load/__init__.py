"""Many readers at once, against a server of our own on loopback: ``python -m benchmarks.load``.

``site`` is the server, started as a reader would start it; ``visitor`` is a
reader without a browser, ``page`` and ``board`` are its two sockets; every
other module measures rows of one table.
"""
