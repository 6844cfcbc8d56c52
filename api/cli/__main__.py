"""`python -m api.cli`: the same as `mulu`, where the console script is not on the path."""

from api.cli import main

main()
