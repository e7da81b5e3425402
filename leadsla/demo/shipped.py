"""Where the agreements lie that the demo runs with."""

from importlib.resources import files
from pathlib import Path
from typing import Final

_FOLDER: Final = "agreements"


def agreements_folder() -> Path:
    """The folder `agreements` here, else the examples that came with the package, else those of its source tree.

    Raises:
        FileNotFoundError: there are none.

    """
    package = Path(str(files("leadsla")))
    places = (Path(_FOLDER), package / "shipped" / _FOLDER, package.parent / _FOLDER)
    for place in places:
        if any(place.glob("*.yaml")) or any(place.glob("*.yml")):
            return place.resolve()
    message = f"no agreement files in {', '.join(map(str, places))}"
    raise FileNotFoundError(message)
