"""stub"""

LANGUAGES = ("en", "fr")


def landing(lang: str) -> str:
    return "<!doctype html><title>kg</title>"


def ontology_page(lang: str) -> str:
    return "<!doctype html><title>kg</title>"


def ontology_graph(format: object) -> bytes:
    return b""


def assets() -> dict[str, tuple[bytes, str]]:
    return {}
