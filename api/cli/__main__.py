"""`python -m api.cli`: the same as `mulu`, where the console script is not on the path."""

from api.cli import main

if __name__ == "__main__":  # a worker of `serve` loads this module too
    main()
