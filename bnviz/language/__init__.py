"""The language of the pages: which strings are words for a reader, and how they are put into another language.

Pages, charts, lessons and the board are written in English where they stand. Nothing there calls a translator: what is
a message is told from the source (``python`` and ``script``), the catalog lists exactly that (``catalog``), and another
language is put in its place when a module is loaded (``loading``) or a script is served.
"""
