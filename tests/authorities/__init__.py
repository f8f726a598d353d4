"""An invented sixth council, unlike the five in everything that settings can say."""

from pathlib import Path

INVENTED = Path(__file__).parent / "inventshire.yaml"
