"""Letters as PDF (typst) and DOCX (docxtpl), printed by a process of their own.

typst sets a letter in about 9 ms of processor time. Its fonts and caches take 50 MiB that nobody
gets back from it, and Word documents more; so they are made in a process beside the service, which
ends a few seconds after the last letter and takes its memory with it. `printer` is who is asked,
`apart` starts and ends the process, `worker` is what runs in it, with little loaded.
"""
