"""Read from an Accept header how much a client likes a media type (RFC 9110, 12.5.1)."""


def ranges(header: str) -> list[tuple[str, float]]:
    """Return the media ranges of a header, each with its weight."""
    return [_range(part) for part in header.split(",")]


def weight(media_type: str, wanted: list[tuple[str, float]]) -> float:
    """Return the weight of the most exact range the type falls under, 0 where there is none."""
    media = media_type.split(";", maxsplit=1)[0]
    for exact in (media, f"{media.split('/')[0]}/*", "*/*"):
        weights = [weight for name, weight in wanted if name == exact]
        if weights:
            return max(weights)
    return 0.0


def _range(part: str) -> tuple[str, float]:
    media, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weights = [piece[2:] for piece in parameters if piece.startswith("q=")]
    try:
        return media, float(weights[0]) if weights else 1.0
    except ValueError:
        return media, 0.0
