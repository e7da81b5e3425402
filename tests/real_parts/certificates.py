"""An authority of the tests' own and what it signs, in PEM, made by openssl."""

import subprocess
from pathlib import Path
from typing import Final

_SECONDS: Final = 60


class Authority:
    """Signs certificates that are good for a day; everything lies in the folder given."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = folder / "authority.key"
        self.certificate: Final = folder / "authority.pem"
        _openssl(
            *("req", "-x509", *_new_key(self._key), "-days", "1", "-subj", f"/CN={name}", "-out", self.certificate),
            *("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"),
        )

    def sign(self, name: str, *addresses: str) -> Path:
        """A file with a new key and its certificate, for a user of that name or a server at those IP addresses."""
        key, request, signed = (self._folder / f"{name}.{kind}" for kind in ("key", "csr", "crt"))
        names = ("-addext", "subjectAltName=" + ",".join(f"IP:{one}" for one in addresses)) if addresses else ()
        _openssl("req", "-new", *_new_key(key), "-subj", f"/CN={name}", *names, "-out", request)
        _openssl(
            *("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key, "-CAcreateserial"),
            *("-days", "1", "-copy_extensions", "copy", "-out", signed),
        )
        both = self._folder / f"{name}.pem"
        both.write_text(key.read_text() + signed.read_text())
        return both


def encrypted_key(pem: Path, password: str) -> Path:
    """The key of a file, in a file of its own that only the password opens."""
    file = pem.with_suffix(".encrypted")
    _openssl("pkcs8", "-topk8", "-in", pem, "-passout", f"pass:{password}", "-out", file)
    return file


def _new_key(file: Path) -> tuple[str | Path, ...]:
    return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file)


def _openssl(*arguments: str | Path) -> None:
    done = subprocess.run(
        ["openssl", *arguments], capture_output=True, text=True, check=False, timeout=_SECONDS, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        message = f"openssl {arguments[0]} failed: {done.stderr}"
        raise AssertionError(message)
