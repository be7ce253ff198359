"""What exists and how routes move: the document, the rulebook and the routing model.

Nothing here names a solver, opens a file or prints.
"""
