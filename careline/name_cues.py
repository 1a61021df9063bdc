"""What people write before (and after) a name, as expressions: group 1 is the cue, group 2 the words that may be the name."""

from __future__ import annotations

import re

WORD = r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_])){0,30}"
WORDS = rf"(?:St\. )?{WORD}(?: (?:[A-Z]|St)\.(?= )| {WORD}){{0,4}}"


def _before(*cues: str) -> re.Pattern[str]:
    return re.compile(rf"((?:{'|'.join(cues)})(?<=\W)(?=\S))({WORDS})", re.IGNORECASE)


def _after(cue: str) -> re.Pattern[str]:
    return re.compile(rf"()(\b{WORD}(?: {WORD})?)(?= {cue}\b)", re.IGNORECASE)


_RELATED = (
    r"(?:daughters?|sons?|kids?|child|children|girls?|boys?|twins|triplets|bab(?:y|ies)|sisters?|brothers?|husband|hubby|wife"
    r"|partner|boyfriend|bf|girlfriend|gf|fianc[ée]e?|spouse|ex|mom|momm?[ya]|mum|mother|mama|dad|father|parents?|aunt(?:ie)?|uncle"
    r"|cousins?|nieces?|nephews?|grand(?:ma|mother|pa|father|daughters?|sons?|kids|children)|nana|granny|mawmaw|pawpaw|better half|sis|bro|bestie|man"
    r"|oldest|eldest|youngest|angel|dog|cat)"
)
_KNOWN = (
    r"(?:friends?|buddy|ride|sponsor|coach|neighbou?r|co-?worker|colleague|caregiver|carer|aide|boss|manager|teacher|hairdresser|cleaning lady"
    r"|roommate|landlord|proxy|poa|power of attorney|interpreter|trainer|pastor|priest|rabbi|imam|chaplain|minister|lawyer|attorney)"
)
_TREATING = (
    r"(?:nurse(?: practitioner| navigator)?|np|pa|navigator|doctor|doc|pcp|gp|consultant|onc|oncologist|surgeon"
    r"|radiologist|pharmacist|physio|therapist|counsell?or|psychologist|dietitian|social worker|case manager|receptionist)"
)
_KIND = (
    r"(?:ex[- ]?|late |step[- ]?|great-?|best |little |good |old |older |oldest |young |younger |youngest |middle |two |three |baby |oncology |chemo |infusion |macmillan "
    r"|palliative |hospice |radiation |home |health |church |primary |family ){0,3}"
)
_CONTACT = r"(?:next of kin|emergency contact|contact person)"
_PEOPLE = rf"{_KIND}(?:{_RELATED}|{_KNOWN}|{_TREATING}|patient)(?:[- ]in[- ]law)?"
_PEOPLE_ES = (
    r"(?:hij[ao]s?|niñ[ao]|espos[ao]|marido|mujer|novi[ao]|herman[ao]s?|mam[aá]|madre|pap[aá]|padre|t[ií][ao]|amig[ao]"
    r"|prim[ao]|niet[ao]s?|abuel[ao]|suegr[ao]|cuñad[ao]|sobrin[ao]|nuera|yerno|vecin[ao]|doctora?|enfermer[ao]"
    r"|onc[oó]log[ao]|cirujan[ao])"
)
_IS = r"(?: ?(?:is|was|are|es|named|called|whose name is)\b| ?[:=,]| -){0,3} ?"

_WHOSE = r"(?:my|the|her|his|their|moms|dads|patients?|\w{2,15}['’]s)"
_WHICH = r"(?:full|first|last|maiden|married|family|middle|given|nick)"
_NAME = (
    rf"(?:{_WHOSE} (?:{_WHICH} )?name(?: on (?:my|the) \w{{2,12}})?|{_WHICH} name|surname"
    r"|(?:patient|client|contact)'?s? name|name of (?:the )?patient|name)"
)

# "my name is", "surname": a name, whatever it looks like.
STATED = _before(
    rf"\b{_NAME}(?:['’]s\b| is\b| was\b|:| ?=)+ ?",
    rf"\b(?:{_WHICH} name|surname|(?:my|her|his) names|(?:our|their|her|his) names are|on behalf of) ",
    r"\b(?:mi nombre es|(?:me|se) llam[oa]|apellido(?: es)?:?) ",
)
STATED_AFTER = _after(rf"(?:is|was) my (?:{_WHICH} )?name")
# "patient name", without "is": a field of a form, or the beginning of a question about names.
LABELLED = _before(
    rf"\b{_WHOSE} name ",
    r"\b(?:patient|client|contact)'?s? name ",
    rf"\b{_CONTACT}(?: is| was|:)? ",
    r"\bname of (?:the )?patient ",
    r"(?:^|(?<=\n))name ",
)
TITLED = _before(
    r"\b(?:drs?|dra|prof|professor|mrs?|ms|rev(?:erend)?|se[ñn]or(?:a|ita)?(?! de\b)|sra?|doña|rabbi|imam|pastor)\b\.? "
    r"(?:(?:[A-Z]\. ?){1,2})?"
)
RELATED = _before(
    rf"\b(?:my|our|her|his|their|the|an?|both my|i have \w{{2,6}}) {_PEOPLE}\b{_IS}",
    rf"\b(?:patient|{_TREATING}(?=:))\b{_IS}",
)
ADDRESSED = _before(
    r"\b(?:doctor|nurse(?: practitioner)?|miss|sister|father|brother|uncle|aunt(?:ie)?|grandma|grandpa|nana) "
)
TITLED_ES = _before(r"\b(?:doctora|(?:el|al|del) doctor|enfermer[ao]) ")
RELATED_ES = _before(rf"\b(?:mis?|sus?|el|la|nuestr[ao]) {_PEOPLE_ES}\b{_IS}", r"\b(?:soy|habla|pregunta por) ")
CALLED = _before(
    r"\b(?:(?:you |please |can |could |may |just )?call(?:s|ed)? me|(?:i am|i['’]?m) (?:called|known as)"
    r"|(?:i )?go by|signed,?) "
)
_FAREWELL = (
    r"(?:thanks|thank you|thank you so much|many thanks|thx|cheers|regards|wishes|sincerely|love|love from|best|yours|truly"
    r"|hugs|blessings|gracias|atentamente|xo|xoxo|for listening)"
)
_AT_THE_END = rf"({WORDS})(?=(?: [A-Z])?(?: x{{1,3}})?[ .!]{{0,3}}$)"
SIGNED = re.compile(
    rf"((?:\b{_FAREWELL}\b,?[ \n]{{1,3}}|[\n–—] ?| -{{1,2}} ?)(?:[A-Z]\. )?){_AT_THE_END}", re.IGNORECASE
)
PARTING = re.compile(rf"((?<!\bst)[.?!] ){_AT_THE_END}", re.IGNORECASE)
INTRODUCED = _before(r"\b(?:this is|I am|I['’]?m|it is|it['’]?s|it['’]?s me|hello,?|hi,?|hey|see|saw) ")
TOLD = _before(r"\b(?:told|asked|ask(?: for)?|asking for|tell|let|call|calls|contact|phone|text) ")
MENTIONED = _before(r"\b(?:with|from|see|saw|to|by|for|about|re|regarding)(?: (?:my|a|the) (?:nurse|friend))?:? ")
HERE_AFTER = _after(r"(?:here|again|speaking)")
JOINED = re.compile(rf"(\[name\](?:,|,? and|,? or|,? y|,? &) )({WORDS})")
ALONE = re.compile(rf"(?<!\w)()({WORDS})")
