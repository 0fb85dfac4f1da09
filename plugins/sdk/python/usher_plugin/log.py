"""Lines for the author and the operator; never part of a decision."""

from wit_world.imports.log import Level, write


def debug(message: object) -> None:
    """Of use while the plugin is being written."""
    write(Level.DEBUG, str(message))


def info(message: object) -> None:
    """Worth knowing."""
    write(Level.INFO, str(message))


def warn(message: object) -> None:
    """The operator should change something."""
    write(Level.WARN, str(message))


def error(message: object) -> None:
    """The plugin is wrong."""
    write(Level.ERROR, str(message))
