"""What a report is about: a trained model and the words of policy together, and whatever is unsure goes to a person.

The model has learnt from labelled reports; the words are what a county adds without training anything, and the only
voice for a category that the model never saw. Words of danger that their context excuses (没有着火, 消防演练) have no
vote: they are not what the report is about. A policy from before there was a model decides by its words alone.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from gridward.domain.events import Doubt
from gridward.policy.danger import heed, is_over
from gridward.policy.lexicon import Lexicon
from gridward.policy.model import Matrix, Reading
from gridward.policy.normalise import in_lines, letters, normalise, written
from gridward.policy.policy import Policy
from gridward.policy.schema import ModelRow
from gridward.policy.vetoes import forbids
from gridward.policy.voices import Voices
from gridward.policy.votes import MOST_WORDS, Scores, count, speakers

Alternative = tuple[str, float, tuple[str, ...]]  # code, share of belief, the words that spoke for it
CHOICES = 3
_NUMBER = itemgetter(1)  # of what the automaton finds: the end of a word, and its number


class Danger(NamedTuple):
    """A severity, and the words of the text that bring it."""

    severity: int
    words: str


@dataclass(frozen=True, slots=True)
class Classification:
    """`code` is the best guess even when `doubt` says that a person must decide; None when nothing is known, and then
    `alternatives` are far-fetched ones.
    """

    code: str | None
    confidence: float  # 0 to 1: how likely `code` is right
    severity: int  # 1 (特急) to 4 (一般)
    alternatives: tuple[Alternative, ...]  # the best three, the first is `code`
    words: tuple[str, ...]  # the heaviest that spoke for `code`, at most eight
    urgent: bool
    doubt: Doubt | None
    over: bool = False  # it tells that the danger is over, or that there was none
    hidden: tuple[str, ...] = ()  # words for which only the handling chain may read it, whatever the category
    vetoes: tuple[str, ...] = ()  # words for which a person looks, however sure the guess
    danger: Danger | None = None  # the gravest that its words tell, where it is urgent


@dataclass(frozen=True, slots=True)
class Heard:
    """A normalised text, the numbers of the words in it, and the gravest danger that no context excuses.

    `told`: of a word with a gap what stands in the text, by its number.
    """

    text: str  # without the words of danger that its context denies
    words: set[int]
    told: Mapping[int, str]
    danger: Danger | None
    excused: bool = False  # it has words of danger, and its context takes the danger out of all of them
    over: bool = False  # no danger is heard, and an end is told: 火灭了, 人找到了, 误报

    @property
    def severity(self) -> int:
        """Of the danger that is heard; 0: none is."""
        return self.danger.severity if self.danger else 0

    @property
    def is_chinese(self) -> bool:
        """Whether there is a single Chinese character: of other languages nothing was learnt."""
        return any("\u4e00" <= letter <= "\u9fff" for letter in self.text)

    def cries(self, most: int) -> bool:
        """Whether its words of danger speak before the model: a long complaint tells of old dangers, too."""
        return self.danger is not None and len(self.text) <= most


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is believed of one text: the best categories with their shares of belief (or of the words' votes), from 0 to
    1, and how sure the first is.
    """

    ranked: list[tuple[str, float]]
    sure: float
    urgent: bool
    doubt: Doubt | None


NOTHING = Opinion([], 0.0, False, Doubt.NO_CATEGORY)


def classify(texts: Sequence[str], policy: Policy) -> list[Classification]:
    """One classification for each text, in the same order."""
    read = [in_lines(text) for text in texts]
    heard = [hear(*one, policy.lexicon) for one in read]
    if not heard:
        return []
    votes = count([one.words for one in heard], policy.lexicon)
    opinions = (
        _by_words(heard, votes, policy.lexicon)
        if policy.voices is None
        else _by_both(heard, votes, policy.voices, policy.lexicon)
    )
    return [
        _judge(plain, one, opinion, policy)
        for (plain, _), one, opinion in zip(read, heard, opinions, strict=True)
    ]


def recorded_over(why: Mapping[str, Any]) -> bool:
    """Whether triage kept among an incident's reasons that a danger is over, or that there was none."""
    return bool((why.get("category") or {}).get("over"))


def recorded_alarm(why: Mapping[str, Any]) -> str:
    """The words by which triage found an incident grave: those of danger, or else the heaviest that spoke for its
    kind. Empty where it kept neither.
    """
    found = why.get("category") or {}
    return str(found.get("danger") or next(iter(found.get("words") or ()), ""))


def is_hidden(text: str, policy: Policy) -> bool:
    """Whether the words alone say that only the handling chain may read it, whatever category a person names."""
    return any(veto.row.hides for veto in policy.vetoes.telling(normalise(text)))


def hear(text: str, line_ends: Sequence[int], lexicon: Lexicon) -> Heard:
    """A normalised text as it is listened to, with the ends of lines in its `letters`."""
    plain = letters(text)
    spoken = set(map(_NUMBER, lexicon.words.iter(plain)))
    told = _gapped(plain, spoken, lexicon)
    spoken.update(told)
    alarming = spoken & lexicon.alarming
    if not alarming:
        return Heard(text, spoken, told, None, over=_tells_an_end(plain, spoken, lexicon))
    heeded = heed(plain, lexicon, line_ends)
    if heeded.danger is not None:
        return Heard(text, spoken, told, Danger(heeded.danger, written(heeded.word)))
    # A fire that is out is a matter of fire still; where nobody was hurt it is none of injury.
    never_was = set(map(written, heeded.never_was))
    words = lexicon.votes.words
    gone = {number for number in alarming if told.get(number, words[number]) in never_was}
    over = heeded.is_over or _tells_an_end(plain, spoken, lexicon)
    return Heard(_without(text, never_was), spoken - gone, told, None, excused=True, over=over)


def _gapped(plain: str, spoken: set[int], lexicon: Lexicon) -> dict[int, str]:
    """The numbers of the words with a gap, each with what stands in the text."""
    return {
        gapped.number: written(found[0])
        for number in spoken & lexicon.opening.keys()
        for gapped in lexicon.opening[number]
        if not gapped.closes.isdisjoint(spoken) and (found := gapped.fits.search(plain))
    }


def _tells_an_end(plain: str, spoken: set[int], lexicon: Lexicon) -> bool:
    """Few texts have a word for an end: only in those is its context read."""
    return not lexicon.ending.isdisjoint(spoken) and is_over(plain, lexicon)


def _without(text: str, words: Collection[str]) -> str:
    """The text without these words, so that the model does not hear them either."""
    # Of two that overlap (大火 in 重大火灾) the one that is taken out first decides: always the same one.
    for word in sorted(words, key=lambda word: (-len(word), word)):
        text = text.replace(word, "")
    return text


def _by_both(heard: Sequence[Heard], votes: Scores, voices: Voices, lexicon: Lexicon) -> list[Opinion]:
    settings = voices.settings
    eased = voices.eased(votes)
    scores, said = voices.scores([one.text for one in heard], eased)
    lengths = np.array([len(one.text) for one in heard], dtype=np.float32)
    dangers = np.array([one.severity for one in heard], dtype=np.float32)
    over = np.array([one.over for one in heard])
    belief = voices.model.belief(scores)
    sure = voices.model.surety(scores, belief, eased, lengths).tolist()
    urgency = voices.urgency(said, belief, lengths, dangers, over).tolist()
    modelled = [
        _modelled(one, ranked, certain, 0.0 if one.excused else likely, voices)
        for one, ranked, certain, likely in zip(
            heard, _ranked(belief, voices.codes), sure, urgency, strict=True
        )
    ]
    crying = [n for n, one in enumerate(heard) if one.cries(settings.cry)]
    if crying:
        worded = _by_words([heard[n] for n in crying], votes[crying], lexicon)
        for n, opinion in zip(crying, worded, strict=True):
            modelled[n] = _cried(modelled[n], opinion, heard[n], voices)
    return modelled


def _modelled(
    heard: Heard, ranked: list[tuple[str, float]], sure: float, urgency: float, voices: Voices
) -> Opinion:
    """`urgency`: how likely it must be acted on at once.

    Nobody is sent within minutes to a fire that is out: a person asks whether anything is left to do.
    """
    settings = voices.settings
    if not heard.is_chinese or ranked[0][1] < settings.known / 2:
        return NOTHING
    doubt = _doubt(heard, ranked, sure, settings)
    if heard.over and voices.alarms(ranked[0][0]):
        return Opinion(ranked, sure, False, doubt or Doubt.AMBIGUOUS_CATEGORY)
    # Somebody lying in the flower bed is no matter of flower beds.
    mild = settings.mild
    if mild is not None and voices.severity[ranked[0][0]] >= mild.severity and urgency >= mild.urgent:
        doubt = doubt or Doubt.AMBIGUOUS_CATEGORY
    return Opinion(ranked, sure, urgency >= settings.urgent, doubt)


def _cried(modelled: Opinion, worded: Opinion, heard: Heard, voices: Voices) -> Opinion:
    """Few words of people in danger: what they say plainly stands, however rarely the model has read such a cry.

    Plainly is as the model says too, or as surely as policy asks (`model.plain`). Otherwise the model has the word. A
    matter much milder than the danger would not explain it: then a person looks.
    """
    if not modelled.ranked:
        return worded
    best = modelled.ranked[0][0]
    if worded.doubt is None:
        plain = worded.ranked[0][0] == best or worded.sure >= voices.settings.plain
        told = worded if plain else replace(worded, doubt=Doubt.AMBIGUOUS_CATEGORY)
    elif modelled.doubt is Doubt.NO_CATEGORY and worded.ranked:  # a guess is more than none
        told = replace(worded, doubt=Doubt.AMBIGUOUS_CATEGORY)
    else:
        told = replace(modelled, urgent=True)
    explained = heard.danger is None or voices.explains(told.ranked[0][0], heard.danger.severity)
    return told if told.doubt or explained else replace(told, doubt=Doubt.AMBIGUOUS_CATEGORY)


def _doubt(
    heard: Heard, ranked: Sequence[tuple[str, float]], sure: float, settings: ModelRow
) -> Doubt | None:
    few = len(heard.text) <= settings.few.letters
    if ranked[0][1] < (settings.few.known if few else settings.known):
        return Doubt.NO_CATEGORY
    if ranked[0][0] in settings.asks:
        return Doubt.AMBIGUOUS_CATEGORY
    return None if sure >= settings.confidence else Doubt.AMBIGUOUS_CATEGORY


def _by_words(heard: Sequence[Heard], votes: Scores, lexicon: Lexicon) -> list[Opinion]:
    best = votes.max(axis=1, keepdims=True, initial=0.0)
    shares = np.exp((votes - best) * (lexicon.thresholds.scale / np.sqrt(best + 0.3)))
    sure = (1.0 / shares.sum(axis=1)).tolist()
    total = votes.sum(axis=1).tolist()
    return [
        Opinion(
            [(code, vote / of) for code, vote in ranked],
            certain,
            one.danger is not None,
            _doubt_of_words(ranked, certain, lexicon),
        )
        if ranked
        else NOTHING
        for one, ranked, certain, of in zip(heard, _ranked(votes, lexicon.codes), sure, total, strict=True)
    ]


def _doubt_of_words(ranked: Sequence[tuple[str, float]], sure: float, lexicon: Lexicon) -> Doubt | None:
    limits = lexicon.thresholds
    best, second = ranked[0][1], ranked[1][1] if len(ranked) > 1 else 0.0
    if best < limits.score:
        return Doubt.NO_CATEGORY
    unclear = sure < limits.confidence or best - second < limits.margin
    return Doubt.AMBIGUOUS_CATEGORY if unclear else None


def _ranked(scores: Scores | Matrix, codes: Sequence[str]) -> list[list[tuple[str, float]]]:
    """The best three of each row that have a score at all."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :CHOICES]
    values = np.take_along_axis(scores, best, axis=1)
    return [
        [(codes[at], value) for at, value in zip(places, row, strict=True) if value > 0]
        for places, row in zip(best.tolist(), values.tolist(), strict=True)
    ]


def _judge(plain: str, heard: Heard, opinion: Opinion, policy: Policy) -> Classification:
    """What is said of it in the end: what policy lets no machine send out unseen waits for a person.

    The whole text is asked: violence of last year (去年) is no danger now, and violence all the same.
    """
    telling = policy.vetoes.telling(plain)
    if not telling:
        return _judged(heard, opinion, policy)
    ranked = opinion.ranked
    forbidden = [veto for veto in telling if ranked and forbids(veto.row, ranked[0][0])]
    if opinion.doubt is None and forbidden:
        opinion = replace(opinion, doubt=Doubt.AMBIGUOUS_CATEGORY)
    hiding = [veto.word for veto in telling if veto.row.hides]
    vetoes = [veto.word for veto in forbidden]
    return replace(_judged(heard, opinion, policy), hidden=tuple(hiding), vetoes=tuple(vetoes))


def _judged(heard: Heard, opinion: Opinion, policy: Policy) -> Classification:
    if not opinion.ranked:
        severity = policy.unsure.severity if heard.danger is None else heard.danger.severity
        urgent = heard.danger is not None
        return Classification(
            None, 0.0, severity, (), (), urgent, Doubt.NO_CATEGORY, heard.over, danger=heard.danger
        )
    category = policy.categories[opinion.ranked[0][0]]
    unknown = opinion.doubt is Doubt.NO_CATEGORY and policy.voices is not None
    severity = policy.unsure.severity if unknown else category.severity
    if opinion.doubt and opinion.sure < policy.unsure.believed:  # a far-fetched guess alarms nobody
        severity = max(severity, policy.unsure.severity)
    severity = severity if heard.danger is None else min(severity, heard.danger.severity)
    if heard.over and policy.voices and policy.voices.alarms(category.code):
        severity = max(severity, policy.voices.settings.over or severity)
    if opinion.doubt and opinion.urgent:  # it must not wait at the desk behind what is not
        severity = min(severity, policy.unsure.urgent_severity)
    # The words alone know no better sign than the class of what they are sure of.
    by_class = policy.voices is None and opinion.doubt is None and category.limit_class == policy.urgent_class
    alternatives = _alternatives(heard, opinion, policy)
    return Classification(
        None if unknown else category.code,
        0.0 if unknown else round(opinion.sure, 3),
        severity,
        alternatives,
        alternatives[0][2],
        opinion.urgent or by_class,
        opinion.doubt,
        heard.over,
        danger=heard.danger if opinion.urgent else None,
    )


def _alternatives(heard: Heard, opinion: Opinion, policy: Policy) -> tuple[Alternative, ...]:
    """Three to choose from in doubt, with words for each; else words for the one that was chosen."""
    codes = [code for code, _ in opinion.ranked]
    reading = policy.voices.model.reading(heard.text, codes) if policy.voices else None
    return tuple(
        (code, round(share, 3), _words(code, heard, policy, reading) if opinion.doubt or n == 0 else ())
        for n, (code, share) in enumerate(opinion.ranked)
    )


def _words(code: str, heard: Heard, policy: Policy, reading: Reading | None) -> tuple[str, ...]:
    """Those of policy's words that were heard, and the stretches of the text that the model listened to."""
    lexicon = policy.lexicon
    at = lexicon.at.get(code)
    of_policy = speakers(at, heard.words, heard.told, lexicon) if at is not None else ()
    if reading is None or len(of_policy) >= CHOICES:
        return of_policy
    of_model = reading.speakers(code)
    new = (word for word in of_model if not any(word in one or one in word for one in of_policy))
    return (*of_policy, *new)[:MOST_WORDS]
