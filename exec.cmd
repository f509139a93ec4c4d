@rem "exec" of a POSIX shell, for npm's scripts on Windows: there is no shell in between to be replaced.
@%*
