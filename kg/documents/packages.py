"""Office packages: the zip files that Word, Excel and LibreOffice write, and the old compound files.

Nothing in a package is believed: neither its sizes nor its counts nor what its parts say of each other. Only the parts
that are asked for are read, never those with macros or pictures, and no address in them is ever fetched.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from kg.errors import DocumentError

__all__ = ["COMPOUND", "PACKAGE_PARTS", "ZIP", "Package", "attribute", "compound_type", "local_name", "package_type"]

ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a zip file and a compound file begin."""

_PART = 32 * 1024 * 1024
"""The most bytes that a part may unpack to: XML of a text of a million characters has a tenth of it."""
_ALL_PARTS = 4 * _PART
"""The most bytes of all parts that are read, each as often as it is: a part may be named a thousand times."""
_TAGS = 3_000_000
"""The most tags in a part: each element takes a hundred bytes and more of memory, however short it is in the file."""
_PARTS = 20_000
"""The most parts of a package; a report with a thousand pictures has a tenth of it."""
_ENTRY = b"PK\x01\x02"  # how each entry of a zip file's directory begins
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # OPC and OpenDocument allow no other compression
_ENCRYPTED = 0x1  # the bit in an entry's flags

_OOXML: Mapping[str, str] = {
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_OPENDOCUMENT = "application/vnd.oasis.opendocument."
_READ_OPENDOCUMENT = ("text", "spreadsheet")
_STREAMS: Mapping[str, str] = {
    "EncryptedPackage": "is encrypted: open it with its password and save a copy without one",
    "WordDocument": "is an old Word file (.doc): save it as DOCX first",
    "PowerPoint Document": "is a PowerPoint file: save it as text or PDF first",
    "__properties_version1.0": "is an Outlook message (.msg): save it as EML first",
}
"""The streams by which compound files that are not read are told apart."""
_SHEET_STREAMS = ("Workbook", "Book")
_IWORK = "is a file of Pages, Numbers or Keynote: export it as DOCX, XLSX or PDF first"
_PACKAGES: Mapping[str, str] = {
    "Index/Document.iwa": _IWORK,
    "Index.zip": _IWORK,
    "META-INF/container.xml": "is a book (EPUB): make a PDF of it, or unpack it and give its pages",
    "META-INF/MANIFEST.MF": "is a program (JAR), not text",
    "AndroidManifest.xml": "is a program (APK), not text",
    "xl/workbook.bin": "is a binary Excel workbook (.xlsb): save it as XLSX first",
    "visio/document.xml": "is a drawing of Visio: save it as PDF first",
}
"""The parts by which zip files that are not read are told apart."""
PACKAGE_PARTS = frozenset({"[Content_Types].xml", "mimetype", *_PACKAGES})
"""Parts of which one is in each zip file that is one document, or none, and no archive of files."""


def package_type(data: bytes, where: str) -> str | None:
    """Return the media type of the office document that a zip file is, None for any other zip file.

    Args:
        data: the bytes of the file.
        where: the name of the source, for messages.

    Raises:
        DocumentError: the file is cut off or damaged, or of an office program whose files are not read.

    """
    package = Package(data, where)
    for name, reason in _PACKAGES.items():
        if package.has(name):
            raise DocumentError(f"{where}: {reason}")
    if package.has("mimetype"):
        kind = package.read("mimetype")[:200].decode("ascii", "replace").strip()
        if kind.startswith(_OPENDOCUMENT):
            if kind.removeprefix(_OPENDOCUMENT) not in _READ_OPENDOCUMENT:
                raise DocumentError(f"{where}: is {kind!r}, which is not read: save it as ODT, ODS or PDF first")
            return kind
    if not package.has("_rels/.rels"):
        return None
    folder = package.related("", "officeDocument").partition("/")[0]
    if folder == "ppt":
        raise DocumentError(f"{where}: is a PowerPoint file: save it as text or PDF first")
    return _OOXML.get(folder)


def compound_type(data: bytes, where: str) -> str:
    """Return the media type of a compound file: that of an old Excel workbook.

    Raises:
        DocumentError: it is another kind of compound file; the message says which, and what to do.

    """
    places = {name: data.find(name.encode("utf-16-le")) for name in (*_STREAMS, *_SHEET_STREAMS)}
    # The streams of what is embedded in a document come after its own.
    main = min((name for name, place in places.items() if place >= 0), key=lambda name: places[name], default="")
    if main in _SHEET_STREAMS:
        return "application/vnd.ms-excel"
    reason = _STREAMS.get(main, "is an old office file that is not read: save it as DOCX, XLSX or PDF first")
    raise DocumentError(f"{where}: {reason}")


class Package:
    """The parts of an office document, read one by one within limits.

    >>> Package(b"", "report.docx")
    Traceback (most recent call last):
    kg.errors.DocumentError: report.docx: is no zip file, as office files are, or is cut off: get a whole copy of it
    """

    def __init__(self, data: bytes, where: str) -> None:
        """Read the directory of the zip file; raise `DocumentError` where there is none that can be read."""
        self._where = where
        if data.count(_ENTRY) > _PARTS:
            raise DocumentError(f"{where}: holds more than {_PARTS:,} parts, as no office document does")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            message = f"{where}: is no zip file, as office files are, or is cut off: get a whole copy of it"
            raise DocumentError(message) from error
        self._names = frozenset(self._zip.namelist())
        self._unpacked = 0

    def has(self, name: str) -> bool:
        """Return whether there is a part of this name."""
        return name in self._names

    def read(self, name: str) -> bytes:
        """Return the bytes of a part; raise `DocumentError` where it is missing, too long, encrypted or damaged."""
        if not self.has(name):
            raise self._error(name, "is missing: get a whole copy of it")
        info = self._zip.getinfo(name)
        if info.flag_bits & _ENCRYPTED:
            raise DocumentError(f"{self._where}: is encrypted: open it with its password and save a copy without one")
        if info.compress_type not in _PLAIN:
            raise self._error(name, "is packed in a way that office files are not")
        too_long = self._error(name, f"unpacks to more than {_PART >> 20} MiB, too long: split it")
        if info.file_size > _PART:
            raise too_long
        try:
            with self._zip.open(info) as part:
                data = part.read(_PART + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
            raise self._error(name, "is damaged: get a whole copy of it") from error
        if len(data) > _PART:
            raise too_long
        self._unpacked += len(data)
        if self._unpacked > _ALL_PARTS:
            raise DocumentError(
                f"{self._where}: its parts unpack to more than {_ALL_PARTS >> 20} MiB, too long: split it"
            )
        return data

    def xml(self, name: str) -> Any:
        """Return the root element of a part; raise `DocumentError` where it is no XML that is safe to read."""
        from lxml import etree

        data = self.read(name)
        if data.count(b"<") > _TAGS:
            raise self._error(name, f"holds more than {_TAGS:,} tags, too long: split it")
        # Without `huge_tree`, libxml2 stops at 256 nested elements and at a text of 10 MB.
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            deep = "depth" in str(error).lower()
            reason = "is nested too deep" if deep else "is no XML that can be read"
            raise self._error(name, f"{reason}: save it anew in its program") from error
        if root.getroottree().docinfo.doctype:
            raise self._error(name, "declares a document type, as no office file does")
        return root

    def _error(self, name: str, reason: str) -> DocumentError:
        """Return the error that something is wrong with a part; names are the file's, and may be long or span lines."""
        return DocumentError(f"{self._where}: its part {name[:100]!r} {reason}")

    def related(self, part: str, kind: str) -> str:
        """Return the name of the part that stands to another in a relation, "" if there is none (ECMA-376, part 2, 9).

        Args:
            part: the name of a part; "" for the package.
            kind: the last word of the relation's type, such as "footnotes".

        """
        return next((target for name, target in self.relations(part).values() if name == kind), "")

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the relations of a part within the package by their ids: each its kind and the part it leads to."""
        folder, name = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(listing):
            return {}
        return {
            attribute(relation, "Id"): (
                attribute(relation, "Type").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, attribute(relation, "Target"))).lstrip("/"),
            )
            for relation in self.xml(listing)
            if attribute(relation, "TargetMode") != "External" and "/" in attribute(relation, "Type")
        }


def local_name(element: Any) -> str:
    """Return the name of an element without its namespace: files in strict and in usual OOXML differ in that only."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """Return an attribute of an element by its name, in whichever namespace; "" if it has none."""
    value = element.get(name)
    if value is None:
        value = next((each for key, each in element.items() if key.rpartition("}")[2] == name), "")
    return str(value)
