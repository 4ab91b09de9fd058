"""How a receipt leaves the house: laid out as a page and as JSON signed with the ledger's key; and verified.

The signature covers the canonical form of everything the receipt says, the ledger's number and hash included,
so the file and the public key are all that is needed to check it, years later and offline. What a receipt
says about a drop belongs to ``notices`` and ``intake``; delivering it, to ``outbox``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import JsonValue

from contracts.errors import ReceiptError
from warehouse.chain import Entry, canonical
from warehouse.config import ConsortiumConfig
from warehouse.deadlines import due_on, is_late
from warehouse.keys import fingerprint
from warehouse.pages import page_template

RECEIPT_FORMAT = "guildhall-receipt-v1"
RECEIPT_SUFFIX, PAGE_SUFFIX = ".receipt.json", ".receipt.html"
SHOWN_ON_PAGE = 500

_DOMAIN = b"guildhall-receipt-v1\0"
_ALGORITHM = "Ed25519 over RFC 8785 canonical JSON"

Content = dict[str, JsonValue]
Say = Callable[[Entry], Content]
"""What a receipt says, made from its ledger entry: the entry's number is known only when it is recorded."""

# Every field the page asks for, so that a short receipt (refused, held) need not spell out what it lacks.
_BLANK: Mapping[str, JsonValue] = {
    "contract": None,
    "period": None,
    "code": None,
    "message": None,
    "remedy": None,
    "supersedes": None,
    "submission_id": None,
    "contract_version": None,
    "rows_in": None,
    "accepted": None,
    "quarantined": None,
    "file_findings": [],
    "codes": [],
    "violations": [],
    "since_last_try": None,
    "errors_workbook": None,
    "checks_page": None,
    "checks": None,
    "provisional": False,
    "file_kind": "CSV",
    "sealed": False,
    "sheet": None,
    "sent_as": None,
    "place": "line",
    "notes": [],
}


@dataclass(frozen=True)
class Issuer:
    """Who issues receipts: the ledger's key, and what the consortium says on every one."""

    key: Ed25519PrivateKey
    config: ConsortiumConfig

    def page_and_json(self, say: Say, entry: Entry) -> tuple[bytes, bytes]:
        """The page, and the signed JSON, which names the page's hash."""
        content = self._complete(say(entry), entry)
        page = _page(content)
        signed = content | {"page_sha256": hashlib.sha256(page).hexdigest()}
        return page, _laid_out(signed | {"signature": self._sign(signed)})

    def _complete(self, content: Content, entry: Entry) -> Content:
        consortium = self.config.consortium
        contact = " · ".join(filter(None, (self.config.contact.name, self.config.contact.email)))
        return {
            "format": RECEIPT_FORMAT,
            "consortium": consortium.name,
            "contact": contact or None,
            **self._deadline(content.get("period"), entry),
            "recorded_at": entry.recorded_at,
            "ledger": {"seq": entry.seq, "hash": entry.hash},
            **content,
        }

    def _deadline(self, period: JsonValue, entry: Entry) -> Content:
        if not isinstance(period, str):
            return {"due_on": None, "late": None}
        due = due_on(period, self.config.submissions.due_days_after_quarter)
        return {"due_on": due.isoformat(), "late": is_late(entry.recorded_at, due)}

    def _sign(self, content: Content) -> JsonValue:
        return _signature(self.key.public_key(), self.key.sign(_DOMAIN + canonical(content)))


@dataclass(frozen=True)
class VerifiedReceipt:
    """A receipt that holds: what it says, the key's fingerprint, and the page's hash it names."""

    content: Content
    key_sha256: str
    page_sha256: str


def verify_receipt(data: bytes, key: Ed25519PublicKey) -> VerifiedReceipt:
    """Check every byte of a JSON receipt; needs nothing but the public key.

    ReceiptError RCP-001 when it is none, RCP-002 when another key signed it, RCP-003 when it was changed.
    """
    content = _read(data)
    signature = content.pop("signature", None)
    if not isinstance(signature, dict) or content.get("format") != RECEIPT_FORMAT:
        raise _no_receipt("JSON without a receipt's format and signature")
    if signature.get("key_sha256") != fingerprint(key):
        raise _other_key()
    try:
        value = bytes.fromhex(str(signature.get("value")))
        key.verify(value, _DOMAIN + canonical(content))
    except (InvalidSignature, ValueError):
        # A number or text without a canonical form is a ValueError too.
        raise _changed("content that the signature does not cover") from None
    if _laid_out(content | {"signature": _signature(key, value)}) != data:
        raise _changed("the signed content, written differently than it was issued")
    return VerifiedReceipt(content, str(signature["key_sha256"]), str(content.get("page_sha256")))


def require_page(receipt: VerifiedReceipt, page: bytes) -> None:
    """ReceiptError RCP-004 when a page is not the one that was issued with the receipt."""
    if hashlib.sha256(page).hexdigest() != receipt.page_sha256:
        raise ReceiptError(
            "RCP-004",
            found="a page that is not the one issued with this receipt",
            expected="the page whose hash the receipt names",
            where="the page beside the receipt",
            remedy="Go by the JSON receipt, and ask the operator for the page again.",
        )


def _signature(key: Ed25519PublicKey, value: bytes) -> JsonValue:
    return {"algorithm": _ALGORITHM, "key_sha256": fingerprint(key), "value": value.hex()}


def _laid_out(content: Content) -> bytes:
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _read(data: bytes) -> Content:
    try:
        content = json.loads(data.decode("utf-8"), parse_float=_no_fraction, parse_constant=_no_fraction)
    except ValueError:
        raise _no_receipt("bytes that are not JSON in UTF-8") from None
    if not isinstance(content, dict):
        raise _no_receipt("JSON that is no object")
    return content


def _no_fraction(text: str) -> None:
    """A receipt counts in whole numbers; 1.0 has the canonical form of 1 and would pass for it."""
    raise ValueError(f"a number that no receipt holds, of {len(text)} characters")


def _page(content: Content) -> bytes:
    told = {**_BLANK, **content}
    violations = told["violations"]
    shown = violations[:SHOWN_ON_PAGE] if isinstance(violations, list) else []
    return page_template("receipt.html").render(r=told, shown=shown).encode()


def _no_receipt(found: str) -> ReceiptError:
    return ReceiptError(
        "RCP-001",
        found=found,
        expected=f"a file *{RECEIPT_SUFFIX} as it lay in the out box",
        where="the file",
        remedy="Name the JSON receipt; the page and the workbook are checked through it.",
    )


def _other_key() -> ReceiptError:
    return ReceiptError(
        "RCP-002",
        found="a signature of another key",
        expected="the signature of the key it is checked with",
        where="the receipt's signature",
        remedy="Use the consortium's ledger.pub, and compare its fingerprint with the one you were told.",
    )


def _changed(found: str) -> ReceiptError:
    return ReceiptError(
        "RCP-003",
        found=found,
        expected="the receipt exactly as it was issued",
        where="the receipt",
        remedy="It was changed after it was issued. Ask the operator to deliver it again.",
    )
