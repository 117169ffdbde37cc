"""The English word lists that attribution, deletion, reference and the search for orders go by."""

from __future__ import annotations


def _words(listing: str) -> frozenset[str]:
    """The words of a listing."""
    return frozenset(listing.split())


SAY = _words(
    """
    said says say told tells added adds noted notes stated states explained explains announced announces
    reported reports wrote writes argued argues argue suggest suggests suggested warned warns confirmed confirms
    claimed claims claim insisted insists believe believes believed estimate estimates estimated predicted
    predicts predict revealed reveals admitted admits acknowledged testified tweeted observed commented
    concluded recalled indicated indicates found finds heard declared alleged alleges asserted asserts cautioned
    disclosed remarked stressed emphasized emphasised
    """
)

NOT_A_SOURCE = _words(
    """
    even who which that whose where when while as if and but or because after before since although though in on
    at by for with from of to during despite amid until not also then so than however
    """
)

AFTER_VERB = _words(
    """
    in on at during to after from last late early earlier today yesterday tonight this monday tuesday wednesday
    thursday friday saturday sunday via by through following of when while as
    """
)

DESCRIBING = _words("a an the who which whose of professor director president head chief")

PRONOUNS = _words("he she it they i we you this that who")

# Verbs that name a source even without "that" after them; the others may be about anything ("continued his tour").
SURE_SAY = _words("said says say told tells suggest suggests believe believes estimate estimates insists insist")

AMBIGUOUS_SAY = _words("states notes claims claim reports estimates estimate remarked suggest predict believe")

BEFORE_NOUN = _words(
    """
    united the a an some any these those his her its their our my no such recent several many more other earlier
    media news press police of in by
    """
)

PARTICIPLE_EXCEPTIONS = _words(
    """
    including according excluding concerning regarding pending notwithstanding king spring string thing
    something anything nothing everything wing ring morning evening building meeting being beijing during
    """
)

PAST_PARTICIPLES = _words(
    """
    known based led backed headed founded made born set located dubbed nicknamed named called seen described
    """
)

RELATIVE = _words("who which whose where whom")

SUBORDINATORS = _words(
    """
    while although though as after with amid following before since because when even despite alongside thanks
    where
    """
)

LEAD_PREPOSITIONS = _words(
    """
    in on at for with from during after before as while when since although though following amid despite by
    over under because earlier later according ahead due thanks having asked by
    """
)

SENTENCE_OPENERS = _words(
    """
    by if while whilst when whenever after although though as since because before until unless once with despite amid
    """
)

# A text that was cut does not end in one of these.
LOOSE_ENDS = _words(
    """
    a an the of in on at by for with from to into and or but as than that is are was were be been has have had will
    his her its their not so such very shortly just soon long immediately more less least between about over who
    which where when
    """
)

# No bullet ends in one of these, though a sentence may ("the street he lived in").
STRANDED_ENDS = _words("a an the of in at by for with from to into and or but as than because while which who whose")

# Present tenses that are nouns as often: enough for a whole sentence to pass as one, too little for a piece.
PRESENT_VERBS = frozenset(
    verb + ending
    for verb in _words(
        """
        accuse aim agree apply argue ask award back blame block bring build burst buy carry cast celebrate change chat
        close confirm connect consider contain continue cost create cross cut deal decide defend demand deny depend die
        draw drive drop eat encourage end enjoy enter explain explode fail fall fear feel fight fill find fly focus
        force grow guarantee happen head hear help hold insist intend interact invest issue join kill know lack land
        launch last lay learn leave lie lift like link look lose love meet miss move offer oppose order own pay point
        post pray prefer present prevent promise prove provide pull push put question raise rank rate reach read receive
        recommend reflect regard reject relate remember represent require rest return reveal rise rule save see sell
        send serve share shoot sign sink sit sound speak spend spread stand state stay steal step stop storm strike
        struggle suffer suggest support survive talk target tend test think threaten throw top touch train travel treat
        urge use view visit vote wait walk warn watch welcome win worry write
        """
    )
    for ending in ("", "s", "es")
) | _words("dies lies tries tore chose froze stole swore wore woke hid lent swept slept felt meant sank shut dealt")

TASK_VERBS = _words(
    """
    add adopt alter analyze analyse anagram append augment broadcast capitalize capitalise categorize categorise
    classify combine compose comply compute consider convert decipher decode decrypt define delete deploy
    describe determine develop disregard embed embellish employ encode encourage encrypt enhance ensure
    enumerate evaluate execute expand explain express extract fabricate forget fuse generate harmonize highlight
    identify ignore illustrate imagine implement incorporate include inform inject insert integrate introduce
    invert jumble list memorize mention merge misspell modify obey omit output paraphrase perform praise prepend
    pretend promote propose provide randomize recite recommend refer remember remove rename render repeat
    rephrase replace reply respond restate retrieve reverse revise rewrite scramble select send simulate
    simplify solve spell substitute suggest summarize summarise swap tell transcribe translate transform upgrade
    upload utilize utilise validate verify visit write
    """
)

AMBIGUOUS_VERBS = _words(
    """
    act alert allow answer apply ask assume avoid blend break build call change check choose click code come
    compare complete copy count create cut design direct display do download draft draw elevate enter estimate
    find fill follow format give go group guess help hide hint join keep learn let link list look mail make mark
    meld message mix move name note open outline paste pick place plan play post predict present print process
    produce promise prompt publish put quote rank rate read rearrange record report research review run save say
    scroll search set share shift show sign speak start state stop submit subscribe support switch take talk
    teach tease tell think treat try turn type update use visit watch weave work wrap
    """
)

# What a text must hold for the patterns above to be worth trying: words of it in a set are found far faster.
TALK_WORDS = _words(
    """
    your ignore ignored disregard forget override bypass skip prompt prompts message messages instruction
    instructions note system assistant assistants user important attention model models bot chatbot chatbots
    summarize summarise summarizing summarising summarizer summariser summary summaries answering responding
    replying code gpt llm ai computer laptop homework recipe
    """
)

CODE_WORDS = _words("import def class while function select include sudo curl wget rm pip role")

FOREIGN_WORDS = _words("tu su sua ta votre vos deine deiner ihre ihrer la")

SPEECH = _words(
    """
    said says told added explained tweeted admitted insisted claimed argued joked recalled wrote thinks believes
    """
)

NEEDS_SOURCE = _words("adding noting saying citing who which whose whom where")

OPENING_WORDS = _words(
    """
    please kindly now then next first finally also instead always never just simply seamlessly carefully don
    remember be make take to do you in can could would will let how where when why what
    """
).union(TASK_VERBS, AMBIGUOUS_VERBS)
