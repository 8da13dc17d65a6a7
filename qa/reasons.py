"""Why a file was not read and what to do, in Italian; in English :mod:`index` says it itself, on the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from qa.records import Language

_ITALIAN: Mapping[str, str] = MappingProxyType(
    {
        "changed while it was read": "è cambiato durante la lettura",
        "has a damaged page": "ha una pagina danneggiata",
        "has a name that is not UTF-8": "ha un nome che non è in UTF-8",
        "has a name that leads out of the ZIP file": "ha un nome che porta fuori dal file ZIP",
        "has no text": "non ha testo",
        "holds no article that can be found": "non contiene un articolo riconoscibile",
        "holds no text": "non contiene testo",
        "holds no text, only pictures of pages": "non contiene testo, solo immagini di pagine",
        "is a document of old office programs": "è un documento di vecchi programmi d’ufficio",
        "is cut short": "è troncato",
        "is empty": "è vuoto",
        "is encrypted": "è cifrato",
        "is in an encoding that cannot be told": "ha una codifica che non si riconosce",
        "is in no format that is read": "è in un formato che non si legge",
        "is no DOCX file that can be read": "non è un file DOCX leggibile",
        "is no PDF file that can be read": "non è un file PDF leggibile",
        "is no RSS or Atom feed": "non è un feed RSS o Atom",
        "is no ZIP file that can be read": "non è un file ZIP leggibile",
        "is no web page": "non è una pagina web",
        "is not UTF-8": "non è in UTF-8",
        "is not a text file (it holds NUL bytes)": "non è un file di testo (contiene byte NUL)",
        "lies in too many ZIP files": "sta dentro troppi file ZIP",
        "comes twice with different texts": "compare due volte con testi diversi",
        r"does not hold a (\S+) file, whatever its ending says": r"non contiene un file \1, benché il nome lo dica",
        r"has a line longer than ([\d,]+) bytes": r"ha una riga più lunga di \1 byte",
        r"has more than ([\d,]+) pages": r"ha più di \1 pagine",
        r"has no column «(.+?)», but (.+)": r"non ha una colonna «\1», ma \2",
        r"holds more than ([\d,]+) files": r"contiene più di \1 file",
        r"is larger than ([\d,]+) bytes": r"supera \1 byte",
        r"is nested deeper than ([\d,]+) elements": r"ha più di \1 elementi l’uno nell’altro",
        r"is not UTF-8 \(byte ([\d,]+)\)": r"non è in UTF-8 (byte \1)",
        r"its side file (.+) is not a JSON object": r"il file di metadati \1 non è un oggetto JSON",
        r"its side file (.+) is not readable JSON \((.+)\)": r"il file di metadati \1 non è JSON leggibile (\2)",
        r"its side file (.+) has an unknown field (.+)": r"il file di metadati \1 ha un campo sconosciuto, \2",
        r"makes its reader fail \((\w+)\)": r"fa fallire la lettura (\1)",
        r"unpacks to more than ([\d,]+) bytes": r"occupa più di \1 byte una volta aperto",
        "add it again when it is finished": "aggiungilo quando è completo",
        "check the file": "controlla il file",
        "divide it": "dividilo",
        "divide it, or make it a JSONL dump": "dividilo, o fanne un file JSONL",
        "fetch it again": "scaricalo di nuovo",
        "fetch or pack it again": "scaricalo o comprimilo di nuovo",
        "fetch or save it again": "scaricalo o salvalo di nuovo",
        "give it another id": "dagli un altro nome",
        "have the scanned text recognised (OCR)": "fai riconoscere il testo (OCR)",
        "leave it out": "lascialo fuori",
        "leave it out, or save it as UTF-8 text": "lascialo fuori, o salvalo come testo UTF-8",
        "leave it out, or save it as text": "lascialo fuori, o salvalo come testo",
        "pack it again": "comprimilo di nuovo",
        "pack it without a password": "comprimilo senza password",
        "rename it": "rinominalo",
        "save it again": "salvalo di nuovo",
        "save it again, or as text": "salvalo di nuovo, o come testo",
        "save it as .docx or .pdf": "salvalo in .docx o .pdf",
        "save it as UTF-8": "salvalo in UTF-8",
        "save it without a password": "salvalo senza password",
        "save its article alone, or as text": "salva solo l’articolo, o il testo",
        "save its text as .txt": "salva il testo in un file .txt",
        "unpack and divide it": "aprilo e dividilo",
        "unpack it": "aprilo",
        "write one article a line": "scrivi un articolo per riga",
    }
)


def told_reason(text: str, language: Language) -> tuple[str, Language]:
    """A reason or mend in `language`, or as it is where there is no other word for it; and the language it is in."""
    if language is Language.ITALIAN:
        for english, italian in _ITALIAN.items():
            if text == english:
                return italian, language
            if (found := re.fullmatch(english, text)) is not None:
                return found.expand(italian), language
    return text, Language.ENGLISH
