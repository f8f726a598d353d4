"""`hub audit verify`: is the audit log still what its checkpoints were signed for?"""

import os
from collections.abc import Iterable
from pathlib import Path

from hub.databases import open_database, reachable
from hub.site import Site
from hub.trouble import Trouble
from services.consent.actions.audit import Log
from services.consent.actions.verifying import Verified
from services.consent.actions.verifying import verify as verified
from services.consent.domain.checkpoints import Checkpoint, NotSigned
from services.consent.domain.examining import Finding, Wrong
from shared.crypto import FieldCipher
from shared.db import Database
from shared.keys import note_keys

SAID = {
    Wrong.ROW_DIFFERS: "Leaf {index} is not what was appended",
    Wrong.ROW_MISSING: "Leaf {index} is missing",
    Wrong.HASH_DIFFERS: (
        "The leaves are right, but a stored hash above leaf {index} is not: proofs made from it "
        "are wrong"
    ),
    Wrong.LOG_DIFFERS: "From leaf {index} on the log is another than the one that was signed for",
    Wrong.DETAIL_DIFFERS: "What was said beside leaf {index} is not what was appended with it",
    Wrong.DETAIL_MISSING: (
        "What was said beside leaf {index} is gone, and no leaf says that it was erased"
    ),
    Wrong.CHECKPOINT_FORGED: (
        "What is stored as a checkpoint of {index} leaves was not signed by this log"
    ),
}
"""Each thing that can be wrong, in words; `index` counts from 0."""


async def verify(site: Site, witnesses: Iterable[Path]) -> str:
    """Say what was verified. Raises Trouble that says what is wrong."""
    with reachable(site) as urls:
        if "consent" not in urls:
            raise Trouble("Name the consent service's database: CONSENT_DATABASE_URL=…")
        async with open_database(urls["consent"]) as db:
            log = _log(site, db)
            witnessed = [_witnessed(log, file) for file in witnesses]
            found = await verified(log, witnessed)
    if found.finding is not None:
        raise Trouble(_wrong(found.finding))
    return _sound(log, found, len(witnessed))


def _log(site: Site, db: Database) -> Log:
    sealed = Path(os.environ.get("CONSENT_FIELD_KEYS", site.keys / "consent.fields.json"))
    signing = Path(os.environ.get("CONSENT_CHECKPOINT_KEYS", site.keys / "checkpoints.json"))
    if not sealed.exists() or not signing.exists():
        raise Trouble(f"Without {sealed} and {signing} nothing can be verified.")
    return Log.of(db, FieldCipher(sealed), note_keys(signing)())


def _witnessed(log: Log, file: Path) -> Checkpoint:
    """Bytes, not text: whoever changes line ends changes what was signed."""
    try:
        return log.read(file.read_bytes().decode())
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"{file} cannot be read: {type(error).__name__}.") from error
    except NotSigned as error:
        raise Trouble(f"{file} holds no checkpoint of {log.name}: {error}.") from error


def _wrong(finding: Finding) -> str:
    said = f"The audit log is not sound. {SAID[finding.wrong].format(index=finding.index)}."
    if finding.found_by is None:
        return said
    by = finding.found_by
    return f"{said} It contradicts the checkpoint of {by.size} leaves, signed at {by.at:%F %T} UTC."


def _sound(log: Log, found: Verified, witnessed: int) -> str:
    of_others = f", {witnessed} of them kept by witnesses" if witnessed else ""
    return (
        f"{log.name} is sound: {found.size} leaves, hashed again from their rows, agree with "
        f"{found.checkpoints} checkpoints{of_others}."
    )
