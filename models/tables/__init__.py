"""The kinds of table, one module each: what they learn, prefer and pass on."""
