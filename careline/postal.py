"""Where somebody lives: streets, post boxes, zip and post codes. Towns stay."""

from __future__ import annotations

import re
from collections.abc import Callable

from careline.number_words import CARDINAL

_Replace = str | Callable[[re.Match[str]], str]

# Kinds of street. The second lot are everyday words too: they need capitals, or "I live at" and a number before them.
_STREET = (
    r"(?:street|avenue|ave|road|lane|boulevard|blvd|terrace|parkway|pkwy|highway|hwy|rd|ln|mews|turnpike"
    r"|(?:trailer|mobile home) park)"
)
_WORDLIKE = (
    r"(?:st|dr|drive|court|ct|way|place|pl|circle|cir|trail|trl|loop|square|sq|run|close|crescent|cres|grove|gardens|hill|park"
    r"|view|row|walk|rise|ridge|hollow|green|cove|point|crossing|bend|pike|alley|path|paddocks?|meadows?|heights|bluff)"
)
_ENDING = rf"(?:{_WORDLIKE} )?(?:{_WORDLIKE}|{_STREET})"  # "Harbor View Drive"
_WORD = r"(?:[^\W\d_][\w'’.-]{0,20}|\d{1,3}(?:st|nd|rd|th))"
_WORDS = rf"(?:{_WORD} ){{1,4}}?"
_CAPITALS = r"(?:[A-Z][\w'’.-]{0,20} ){1,4}?"
_POINT = r"(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\b"
_COMPASS = rf"(?:{_POINT}\.? )?"
_UNIT = r"(?:,? ?(?:apt|apartment|unit|suite|ste|flat|lot|int|trailer)\b\.? ?#?\w{1,5}\b|,? ?#\w{1,5}\b)"
_FLAT = rf"(?:{_UNIT}|,? {_POINT})?"
_FLAT_BEFORE = r"(?:(?:flat|unit|apt|apartment) \w{1,4},? )?"
_CALLE = (
    r"(?:calle|avenida|av\.|ave\.|carrera|privada|calzada|carretera|camino|colonia|rue|via|avenue)"  # these come first
)

# What comes before an address: verbs and nouns, then "at", "is", "to" or nothing.
_LIVE = (
    r"(?:(?:i|we|she|he)['’]?(?:m|s|re| am| are| is)|liv(?:e|es|ing)|stay(?:s|ing)?|rent(?:ing)?|mov(?:e|ed|ing)|house|home"
    r"|apartment|place|address|street|road|moms?|domicilio|direcci[oó]n|casa|vivo"
    r"|(?:drop|mail|ship|send|deliver|bring|pick|come|meet|get)"
    r"(?: (?:it|me|us|her|him|up|out|and|an?|nurse|ambulance|van|get)){0,4})"
)
_AT = r"(?: ?(?:is|are|at|to|from|es|en|la|on|off|number|no\.?)\b:?| ?:){0,3} "
_LIVE_ON = r"(?:(?:liv(?:e|es|ing)|stay(?:s|ing)?|rent|moved|house is|home is|moms?) (?:on|off|to|at|in)|(?:road|street|address) is) "
_LIVE_AT = r"(?:(?:liv(?:e|es|ing)|stay(?:ing)?) at|come to|address(?: is|:)|(?:home|house|place|apartment) is|home:) "
_END = r"(?=\s*$|[,.;!?\n]| (?:\[|and|with|who|please|can|so|but|near|is|are|which|any|past|for|need|come|because|in)(?!\w))"

# Words between a number and "road" by which no address is meant: "20 miles down the road", "the last drive of steroids".
_NO_STREET = re.compile(
    r"\b(?:first|last|next|same|other|own|right|wrong|only|whole|an?|of|in|all|(?:day|hour|week|month|year|minute|mile|block)s?"
    r"|mg|times|to|my|out|long|down|who|on|at|for|and|or|from|up)\b",
    re.IGNORECASE,
)


def _street(match: re.Match[str]) -> str:
    """Replace group 2, or all where there are no groups, unless a word in it shows that it is no street."""
    cue, street = match.groups() if match.lastindex else ("", match[0])
    return match[0] if _NO_STREET.search(street) else f"{cue}[address]"


_STREETS: tuple[tuple[str, _Replace], ...] = (
    (r"(?i)\bp\.? ?o\.? ?box ?#?\d{1,7}\b", "[address]"),
    (r"(?i)\b(?:rr|hc|rural route) ?#?\d{1,4},? box \d{1,5}\b", "[address]"),
    (rf"(?i)\b\d{{1,6}} (?:(?:county|state) (?:road|rd)|(?:us )?(?:highway|hwy|route|rte)) \d{{1,5}}\b{_FLAT}", "[address]"),
    (rf"(?i)\b{_FLAT_BEFORE}(?:\d{{1,6}}[a-z]?|{CARDINAL}) {_COMPASS}{_WORDS}{_STREET}\b\.?{_FLAT}", _street),
    (rf"\b(?i:{_FLAT_BEFORE})\d{{1,6}}[a-z]? {_COMPASS}{_CAPITALS}(?i:{_ENDING})\b\.?(?i:{_FLAT})", _street),
    (rf"(?i)\b\d{{2,6}} {_COMPASS}{_WORDS}(?:st|ct|cir|trl|pl)\b\.?{_FLAT}", _street),
    (rf"(?i)\b\d{{1,6}} {_COMPASS}(?:{_WORD} ){{0,2}}{_WORD}{_UNIT}", _street),
    (
        rf"(?i)\b(?:\d{{1,5}},? )?{_CALLE}(?: [\w'-]{{1,20}}){{1,4}}?,? (?:n[uú]mero |no\. |# ?)?\d{{1,5}}(?:-\d{{1,4}})?\b"
        r"(?: int\.? ?\w{1,4}\b)?",
        "[address]",
    ),
    (
        rf"\b\d{{1,5}},? (?i:{_CALLE})(?: (?:de|del|des|du|la|las|los|le|les)){{0,2}}(?: [A-Z][\w'-]{{1,20}}){{1,3}}",
        "[address]",
    ),
    (r"\b(?:Calle|Avenida|Privada)(?: [A-Z][\w'-]{1,20}){1,3}", "[address]"),
    (r"(?i)\b[^\W\d_]{3,20}(?:stra(?:ss|ß)e|straat|gasse|weg) \d{1,4}\b", "[address]"),
    (
        r"\b(?:[A-Z][\w']{1,20} ){1,3}(?:Street|Avenue|Road|Lane|Drive|Boulevard|Blvd|Ave|Rd|Ln|Trailer Park|Court|Terrace)\b"
        r"(?! (?i:hospital|clinic|surgery|center|centre|church|school))(?: \d{1,5}\b)?",
        "[address]",
    ),
    (
        rf"(?i)\b({_LIVE}{_AT})((?:number )?\d{{1,6}}[a-z]? {_COMPASS}(?:the |(?:the )?{_WORDS}){_ENDING}\b\.?{_FLAT})",
        _street,
    ),
    (
        rf"(?i)\b({_LIVE_ON})((?!the ){_WORDS}(?:{_STREET}|drive|way|close|court|circle|crescent)\b(?: \d{{1,5}}\b)?)",
        _street,
    ),
    (rf"(?i)\b({_LIVE_AT})(\d{{1,6}} {_COMPASS}{_WORD}(?: {_WORD}){{0,2}}){_END}", _street),
    (rf"(?i)\bcorner of {_WORD} and {_WORD}", "[address]"),
    (rf"\b\d{{1,6}} {_POINT}\.? [A-Z]\w{{1,20}}(?: [A-Z]\w{{1,20}})?\b", "[address]"),
)

# --- zip and post codes ----------------------------------------------------------------------------------------------

_STATES = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
    r"|North Carolina|South Carolina|Virginia|Georgia|Tennessee|Florida|New York|Texas|California|Ohio)"
)
_AREAS = (  # of Britain
    r"(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?"
    r"|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE)"
)
_BRITISH = rf"{_AREAS}\d[A-Z\d]? ?\d(?!(?:st|rd|th|nd)\b)[ABD-HJLNP-UW-Z]{{2}}\b"
_CANADIAN = r"(?!T\dN)[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d\b"  # T1N 2M0 is a stage
_IRISH = r"[AC-FHKNPRTV-Y]\d[0-9W] ?[0-9AC-FHKNPRTV-Y]{4}\b"
_ZIP = r"\d{5}(?:-\d{4})?(?![\w%-]|[.,/]\d)"
_CODE_CUE = r"(?:(?:zip|post|postal) ?code|zip|eircode|c[oó]digo postal|c\.? ?p\b\.?)(?:['’]?s\b)?(?: is| es|:)? "

_COUNTED = re.compile(
    r"(?:\$|\b(?:platelets?|plt|counts?|wbc|white cells?|cells|neutrophils|anc|steps|ferritin|ldh|cpt|code|psa|marker|ca ?\d\S*)"
    r"\b.{0,15})$",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r" ?(?:to|people|women|men|patients|cells|steps|dollars|units|iu|a (?:month|year|day)|per)\b", re.IGNORECASE
)


def _figures(match: re.Match[str]) -> str:
    """Five figures in a row are a zip code, unless something is counted; round ones are never matched."""
    before = match.string[max(0, match.start() - 40) : match.start()]
    return match[0] if _COUNTED.search(before) or _COUNTS.match(match.string, match.end()) else "[zip]"


_CODES: tuple[tuple[str, _Replace], ...] = (
    (rf"(?i)\b({_CODE_CUE})(?:{_ZIP}|\d{{4,5}}\b|[A-Z]{{1,2}}\d[A-Z\d]? ?\d[A-Z]{{2}}\b|{_IRISH})", r"\1[zip]"),
    (rf"(?i)\b({_STATES}(?: |, )){_ZIP}", r"\1[zip]"),
    (rf"(?i)\b(?:{_BRITISH}|{_CANADIAN})", "[zip]"),
    (rf"\b{_IRISH}", "[zip]"),
    (rf"(?<![\w.,$/#-])(?!\d{{3}}00){_ZIP}", _figures),
)

_RULES = tuple((re.compile(pattern), replacement) for pattern, replacement in (*_STREETS, *_CODES))


def scrub(text: str) -> str:
    """Replace streets by [address] and codes by [zip]."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
