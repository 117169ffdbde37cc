"""What sentence splitting knows of words: abbreviations by what may follow them, and words that open sentences.

One list for all languages: an article quotes several, and its language is not always known. All entries are lower
case and without their last full stop.
Source: the Golden Rules of pragmatic_segmenter, and the style books' lists of titles, months, states and companies.
"""

from __future__ import annotations

from bot.text.word_sets import word_set

# Always followed by what they belong to: titles and ranks, and words that introduce what comes next.
BEFORE_NAME = word_set(
    """mr mrs ms mx dr drs prof profs rev hon msgr messrs gen gens lt lts col cols sgt capt cmdr adm maj pvt cpl brig
    sen sens rep reps gov govs supt insp atty asst approx vs mme mmes mlle mgr ing avv dott dott.ssa geom rag sig
    sigg sig.ra sig.na egr spett.le gent.mo gent.ma preg.mo ill.mo rev.ma cav comm p.zza p.za c.so v.le l.go av
    spett lic sr sra srta sres dra dña gral cnel sto tte cmdte excmo excma ilmo ilma pbro arq fdo ud uds vd vds hrn
    dipl med h.c ehem bzw ca vgl sog evtl ggf inkl exkl zzgl dhr mevr npr např napr resp tzv tj mudr judr phdr mvdr
    rndr paeddr inž tzw np mjr płk ul i.e e.g viz f.eks bl.a проф акад доц им тов гр г-н г-жа ул пл бул просп пер
    обл респ инж полк лейт д-р напр см δρ κος κων αγ डॉ प्रो पं মো ডা ดร"""
)
# The same, but only when written with a capital: in small letters they are words, or end sentences.
BEFORE_NAME_CAPITAL = word_set("mm mt kpt on fru ft st ste sta pt mons rt amb dep min dist pres dir hr fr cf ven st кв")
# Followed by a number they stand before it; otherwise they are judged as any word.
BEFORE_NUMBER = word_set(
    """no nos nr n° nº num núm p pp pg pag pág págs art arts sec secs fig figs vol vols ch chap cap abs ziff s str tel
    tél tlf ext op kap bd rs ref par para c n стр рис кв д тел оф ст п пп гл г с т κεφ αρ σελ бр approx ca tab
    abb aufl kl č čl ods písm"""
)
# Months and days, cut short and written with a capital: a number, a year or a sentence follows.
CALENDAR = word_set(
    """jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun ene abr ago dic lun
    mié jue vie sáb dom gen mag giu lug set ott gio ven janv févr avr juil déc mer jeu sam dim jän mrz okt dez mo di
    mi do sa so янв фев февр апр авг сент окт нояб дек"""
)
# Written with a capital they may end a sentence; then only a word that opens sentences follows them.
MAY_END_CAPITAL = word_set(
    """inc ltd llc plc co cos corp jr sr bros ave blvd rd ctr dept univ assn gmbh calif fla mass wash ariz conn pa va
    md tex colo ill ind kan ky la mich minn miss mo mont neb nev okla ore penn tenn vt wis wyo ont que esq avda st"""
)
# The same in any case; dotted ones ("U.S", "s.r.o") are known by their shape.
MAY_END = word_set("inc ltd llc plc co corp jr sr al")
# Ends of domain names: "Acme.Com" is one word, "Acme.The" two.
DOMAINS = word_set("com net org gov edu co io js inc")
# Names that end in an exclamation mark.
EXCLAIMED_NAMES = word_set("yahoo jeopardy")
# Times of day: before a title a new sentence begins, if the piece before is one.
TIMES_OF_DAY = word_set("a.m p.m")

# Words that open a sentence and are no part of a name: after an abbreviation they tell that it ended a sentence.
SENTENCE_OPENERS = word_set(
    """the a an he she it they we i you this that these those in on at but and however meanwhile as for if when while
    after before with since from by his her its their our my your there here what who why how where although though
    despite according also still now yet one two no not some many most more both each all another other last next
    earlier later officials police so then did do does is are was were has have had will would can could may might
    should to under during until because or nor instead even only just please let once over such through der die das
    den dem ein eine einer er sie es wir ich ihr und aber doch denn wenn als auch nach bei mit von für seit im am
    auf aus diese dieser dieses nicht noch nur wie was wer wo warum le la les un une des il elle ils elles nous vous
    je ce cette ces et mais dans en pour par sur avec selon après depuis quand si qui que où comment pourquoi el los
    las una unos unas ella ellos ellas nosotros yo este esta estos estas y pero con sin según desde cuando como qué
    quién cómo dónde también al del para se su sus lo son era fue il lo gli i uno essi noi io questo questa e ma di
    da per tra fra quando come dove perché anche non o os as um uma ele ela eles nós eu isso mas em na com sem seu
    sua de het een hij zij wij ik dit dat deze maar op met voor van wanneer ook niet det han hun vi jeg der hvad
    hvem hvor hvordan hvorfor så lad min mit din dit alle nu dette disse denne derfor eller kan skal vil har men på
    til af som når også ikke hvis jag detta och av när inte vad vem hur varför om он она оно они мы я вы ты это этот
    эта эти и но а в на с по из к о об от для при что кто где когда как почему если также тоже не после до во со за
    под у to ten ta te oni ja i ale w z po co kto gdzie kiedy jak jeśli nie się ο η το οι τα ένας μια αυτός αυτή
    αυτό και αλλά με σε για από στο στη στην στον τι πώς πού όταν αν δεν"""
)
# Languages that write ordinals with a full stop ("12. Weltkongress", "XII. Pluk").
ORDINAL_LANGUAGES = word_set("de da no fi is et lv cs sk sl hr bs sr hu pl tr")
MONTHS = word_set(
    """january february march april may june july august september october november december jan feb mar apr jun jul
    aug sep sept oct nov dec januar jänner februar märz mai juni juli oktober dezember marts maj janvier février
    mars avril juin juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio
    agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre
    dicembre januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra ledna února
    března dubna května června července srpna září října listopadu prosince stycznia lutego kwietnia maja czerwca
    lipca sierpnia września października grudnia"""
)
# Verbs that close a speech tag standing as a sentence of its own after a quote. "Answered" and "agreed" are no such
# verbs: "Nobody answered." is a sentence.
SPEECH_VERBS = (
    "said|says|told reporters|added|asked|explained|warned|argued|noted|insisted|concluded|wrote|joked|recalled"
    "|exclaimed|stated|remarked|observed|commented"
)
