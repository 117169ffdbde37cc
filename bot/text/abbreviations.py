"""What sentence splitting knows of words: abbreviations by what may follow them, and words that open sentences.

One list for all languages: an article quotes several, and its language is not always known. All entries are lower
case and without their last full stop.
Source: the Golden Rules of pragmatic_segmenter, and the style books' lists of titles, months, states and units.
"""

from __future__ import annotations

# Always followed by what they belong to: titles and ranks, and words that introduce what comes next.
BEFORE_NAME = frozenset(
    """mr mrs ms mx dr drs prof rev hon msgr messrs gen gens lt col cols sgt capt cmdr adm maj pvt cpl brig sen sens rep reps
    gov govs pres supt insp atty asst dir fr mt vs v approx est mme mmes mlle mm mgr ing arch avv dott dott.ssa geom rag
    sig sigg sig.ra sig.na on egr spett gent lic sr sra srta sres dra dña ud uds vd vds
    herr hr hrn dipl univ priv ehem bzw ca vgl sog evtl ggf inkl exkl zzgl ev hl dhr mevr mw mej ir drs jhr
    npr např napr resp tzv tj mudr judr ing phdr mvdr rndr paeddr inž tzw np mjr płk gen ks pt kpt por
    проф акад доц им тов гр г-н г-жа ул пл бул просп пр-т пер обл респ инж полк ген лейт д-р гл δρ κ κα κος κων αγ
    bl.a f.eks fx bla i.e e.g cf viz""".split()
)
# The same, but only when written with a capital: in small letters they are words or end sentences.
BEFORE_NAME_CAPITAL = frozenset("m mmes st ste ft pt mons bros rt amb dep min dist кв стр рис им".split())
# Followed by a number they stand before it; otherwise they end a sentence as any word.
BEFORE_NUMBER = frozenset(
    """no nos nr n° nº num núm p pp pg pag pág págs art arts sec secs § fig figs vol vols ch chap cap abs ziff s str tel
    tél tlf ext op cit ed kap bd hs ver rs ref par para art.n c n стр рис кв д тел оф ст п пп гл г с т κεφ αρ σελ бр № l.n""".split()
)
# Months and days, cut short: a number or a lower-case word follows, or a sentence begins.
CALENDAR = frozenset(
    """jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    ene abr ago dic lun mié jue vie sáb dom gen mag giu lug set ott gio ven janv févr avr juil déc mer jeu sam dim
    jän mrz okt dez mo di mi do sa so янв фев февр апр авг сент окт нояб дек""".split()
)
# They may end a sentence; then only a word that opens sentences follows them.
MAY_END = frozenset(
    """u.s u.k u.n u.s.a e.u d.c inc ltd llc plc co cos corp etc jr sr al bros ave blvd rd ctr dept univ assn gmbh ag a.s s.a s.p.a
    s.r.l s.r.o sp oo n.v b.v aps oy calif fla mass wash ariz conn pa va md tex colo ill ind kan ky la mich minn miss mo
    mont neb nev okla ore penn tenn vt wis wyo ont que ph.d m.d b.a m.a b.sc m.sc esq tel min max mins hrs hr sec secs ft
    oz lb lbs kg km cm mm usw ff bzgl z.b d.h u.a o.ä z.t u.u i.d.r etc ecc atd apod itd itp m.in ect ac dpto avda pza izq
    dcha aprox máx mín ej p.ej ee.uu ss.mm rr.ss тыс млн млрд руб коп долл чел др пр т.е т.д т.п т.к т.н т.б б.з.б н.э
    до н.э г гг в вв мин сек час кг км см куб шт экз напр ex env boul bd kl nr st ca inkl bl mfl m.fl osv""".split()
)
# Names that end in an exclamation mark.
EXCLAIMED_NAMES = frozenset("yahoo jeopardy oklahoma".split())

# Words that open a sentence and are no part of a name: after an abbreviation they tell that it ended a sentence.
SENTENCE_OPENERS = frozenset(
    """the a an he she it they we i you this that these those in on at but and however meanwhile as for if when while after
    before with since from by his her its their our my your there here what who why how where although though despite
    according also still now yet one two no not some many most more both each all another other last next earlier later
    officials police so then did do does is are was were has have had will would can could may might should to under
    during until because or nor instead even only just please let once over such through
    der die das den dem ein eine einer er sie es wir ich ihr und aber doch denn wenn als auch nach bei mit von für seit
    im in am auf aus diese dieser dieses nicht noch nur so wie was wer wo warum
    le la les un une des il elle ils elles nous vous je ce cette ces et mais dans en pour par sur avec selon après
    depuis quand si qui que où comment pourquoi
    el los las una unos unas ella ellos ellas nosotros yo este esta estos estas y pero con sin según desde cuando como
    qué quién cómo dónde también no al del por para se su sus lo es son era fue
    il lo gli i uno ella essi noi io questo questa e ma di da per su tra fra quando come dove perché anche non si
    o os as um uma ele ela eles nós eu esta isso e mas em no na com sem seu sua
    de het een hij zij wij ik dit dat deze en maar op met voor van als wanneer ook niet
    det den han hun de vi jeg der hvad hvem hvor hvordan hvorfor men og på til af som når også ikke hvis
    det han hon de vi jag detta och men på till av som när också inte vad vem hur varför om
    он она оно они мы я вы ты это этот эта эти и но а в на с по из к о об от для при что кто где когда как почему если
    также тоже не после до во со за под у
    to ten ta te on ona oni my ja i ale w na z do po dla co kto gdzie kiedy jak jeśli nie się
    ο η το οι τα ένας μια αυτός αυτή αυτό και αλλά με σε για από στο στη στην στον τι πώς πού όταν αν δεν""".split()
)
# Abbreviated titles that open a sentence after "p.m." as a name would.
TIME_ABBREVIATIONS = frozenset("a.m p.m".split())
# Languages that write ordinals with a full stop ("12. Weltkongress", "XII. Pluk").
ORDINAL_LANGUAGES = frozenset("de da no nb nn fi is et lv cs sk sl hr bs sr hu pl tr".split())
MONTHS = frozenset(
    """january february march april may june july august september october november december jan feb mar apr jun jul aug
    sep sept oct nov dec januar jänner februar märz mai juni juli oktober dezember marts maj august september
    janvier février mars avril juin juillet août septembre octobre novembre décembre
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
    januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
    ledna února března dubna května června července srpna září října listopadu prosince
    stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października grudnia""".split()
)
# Verbs that close a speech tag standing as a sentence of its own after a quote.
SPEECH_VERBS = (
    "said|says|told reporters|added|asked|replied|explained|warned|argued|noted|insisted|continued|concluded|wrote|joked"
    "|recalled|exclaimed|shouted|admitted|agreed|declared|stated|remarked|observed|commented|answered"
)
