"""Which language a request is written in, and what a request in a third language takes back.

Requests are understood in English and Chinese. Others are answered with the names in them, since
names cross languages, but carefully: words of one language look like words of another (German
``war``), and what a language refuses with is not known well enough to tell what it wants.
"""

import re
from itertools import pairwise

from llm.words import FUNCTION_WORDS

Region = tuple[int, int]

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a]+")
_MIXED_SHARE = 0.2


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FOREIGN_WORDS = _words("""
    ich du er sie es wir ihr mir mich dich uns der das den dem des ein eine einen einem einer eines
    und oder aber mit ohne für von zu zum zur im auf aus bei nach über unter nicht kein keine keinen
    ist sind bin hat haben wird wie wer wo suche suchen möchte will bitte etwas gute guten
    je tu il elle nous vous ils le les un une des du de la et ou mais avec sans pour dans sur par
    pas plus que qui est sont suis cherche voudrais veux quelque chose moi
    yo tú él ella nosotros el los las una unos del y o pero con sin para por en sobre es son soy que
    busco quiero quisiera algo muy más como
    io lui lei noi gli uno della dei delle con senza per su che non è sono cerco vorrei qualcosa
    eu ele ela nós os um uma do da dos das com sem não é são procuro quero algo
    ik jij hij wij het een van en of maar met zonder voor op niet geen zoek wil iets
    jag han hon vi ni ett och eller men med utan för på av inte är söker vill något
    jeg hun og eller uden til av ikke er søger noget
    ja ty on ona my wy i lub ale z bez dla na w nie jest szukam chcę coś
    ve veya ama ile için değil bir bu istiyorum arıyorum gibi
    saya yang dan atau tapi dengan tanpa untuk di tidak mau cari
    """)
_ENGLISH_WORDS = FUNCTION_WORDS | _words("want looking show find need best good new something")
_ENGLISH_TOO = _words("a i am an as be do he her him his in is it me my no of on or so to us we")

_REFUSING = re.compile(
    r"\b(?:nicht|kein\w*|ohne|au(?:ß|ss)er|weder|pas|sans|sauf|jamais|ni|sin|excepto|nada|sem|não"
    r"|exceto|senza|non|tranne|niet|geen|zonder|behalve|utan|inte|ingen|inga|uden|ikke|nie|bez|oprócz"
    r"|değil|hariç|olmayan|tanpa|tidak|bukan|kecuali|không|trừ|не|без|кроме|нет|ні|крім|крiм)\b"
    r"|ない|なし|以外|除[いくき]|じゃなく|嫌い|苦手|말고|없[는이]|제외|아닌|않|싫"
    r"|بدون|ليس|غير|إلا|ما عدا|\bلا\b|ללא|בלי|\bלא\b|नहीं|बिना|ไม่|ยกเว้น",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;.!?、。，；！？،؛؟।\n]")


def language(text: str) -> str:
    """Guess the language of a text from its scripts and, in Latin letters, its commonest words.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        ``"zh"`` for Chinese characters, ``"en"`` for Latin letters, ``"mixed"`` when each of the
        two makes up a fifth of the words or more, else ``"other"``. A Chinese character counts as
        half a word. Latin letters with more small words of other languages than of English are
        ``"other"``.

    Examples
    --------
    >>> language("funny films"), language("搞笑的电影"), language("类似Star Wars的"), language("؟")
    ('en', 'zh', 'mixed', 'other')
    >>> language("ich suche einen lustigen Film")
    'other'
    """
    han = len(_HAN.findall(text)) / 2
    latin = _LATIN_WORD.findall(text)
    rest = sum(1 for run in re.findall(r"[^\W\d_]+", text) if not (_HAN.search(run) or _latin(run)))
    if any("\u3040" <= letter <= "\u30ff" for letter in text) or rest > han + len(latin):
        return "other"
    n_english, n_foreign = _small_words(latin)
    if not han and (not latin or n_foreign > n_english or (rest and not n_english)):
        return "other"
    if min(han, len(latin)) / (han + len(latin)) >= _MIXED_SHARE:
        return "mixed"
    return "zh" if han > len(latin) else "en"


def refusing_clauses(text: str) -> list[Region]:
    """Return the clauses of a request in a third language that seem to refuse something.

    Parameters
    ----------
    text : str
        A request in neither English nor Chinese.

    Returns
    -------
    list of Region
        First character and end of each clause with a word such as ``ohne``, ``sans``, ``без``,
        ``以外``. Nothing that such a clause names can be said to be wanted.

    Examples
    --------
    >>> text = "einen Krimi, aber ohne Horror"
    >>> [text[start:end] for start, end in refusing_clauses(text)]
    [' aber ohne Horror']
    """
    ends = [match.start() for match in _CLAUSE_END.finditer(text)]
    edges = [0, *(end + 1 for end in ends), len(text) + 1]
    clauses = [(start, end - 1) for start, end in pairwise(edges)]
    return [(start, end) for start, end in clauses if _REFUSING.search(text, start, end)]


def _latin(run: str) -> bool:
    return _LATIN_WORD.search(run) is not None


def _small_words(words: list[str]) -> tuple[int, int]:
    """Count the small words of English, and those of other languages, among words."""
    n_english = n_foreign = 0
    for word in map(str.lower, words):
        foreign = word in _FOREIGN_WORDS
        n_foreign += foreign
        n_english += word in _ENGLISH_TOO or (word in _ENGLISH_WORDS and not foreign)
    return n_english, n_foreign
