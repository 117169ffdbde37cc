"""What the texts of an archive are compressed against: words that news has often, and how our own records are written.

A text of a few kilobytes hardly repeats itself; against these words it takes a tenth less. The compressor looks for
what it reads in the last 32 kB before it, so what is most frequent stands last.
Source: zlib.net/manual.html (deflateSetDictionary); RFC 1950, "FDICT".
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
abandon absence abuse academic accept accident accord accuse acquire activist actress adopt advance advertise affair
afford African agenda aggressive agriculture aircraft album alcohol alert alliance ambassador ambition ambulance
amendment analyst angry anniversary announcement annual anonymous anxiety apartment apologise appeal appearance
appointment approval Arab architect argument Arctic arrest arrival artist Asian assault assembly asset assistance
athlete atmosphere attempt attorney attract auction audience Australian authority autumn average aviation award
balance ballot bankruptcy barrier basketball battery battle beach beauty behaviour belief benefit bitter blame blast
blood bomb bonus border borrow boss bottle boundary branch breach bridge brilliant broadcast brother Brussels budget
burden burn cabinet California camera campaign Canadian cancel cancer candidate capacity captain carbon career carrier
casualty category Catholic celebrate cell census ceremony chairman challenge champion championship channel chaos
chapter charity Chelsea chemical chief childhood Christian Christmas cinema circumstance citizen civilian clash
classic client climate closure coach coal coalition coast collapse colleague collection college colony comfortable
command comment commercial commission commitment committee communication communist comparison compensation competition
competitor complaint complex component concentration concept concert conclusion condition conference confidence
conflict Congress connection conservation Conservative considerable construction consultant consumer container
contemporary contest contract contribution controversial convention conversation conviction cooperation copper
correspondent corruption council counter county courage coverage creative credit crew cricket crime criminal crisis
critic critical criticism crucial culture currency curriculum customer damage danger database daughter deadline dealer
debate debt decade defeat defence defendant defense deficit definition delay delegation delivery democracy Democrat
democratic demonstration denial deposit deputy description desert designer desperate destination destruction detail
detention device dialogue diamond dictator difficulty dinner diplomat diplomatic director disability disaster
disclosure discovery discrimination disease dismissal dispute distance distribution district diversity dividend
divorce doctor document domestic dominant donation dozens draft drama driver drought economist economy edition editor
education efficient effort election electoral electricity element embassy emergency emission emotional emphasis empire
employee employer employment encounter enemy engagement engine engineer England enormous enterprise entertainment
entrance entrepreneur environment environmental equality equipment equity escape essential estate estimate ethnic
European evaluation evening eventual evidence evolution examination exchange excitement executive exercise exhibition
existence expansion expectation expenditure expense experiment expert explanation explosion export exposure extension
extraordinary extreme facility factor failure faith famous fashion federal Federation festival fiction fighter finance
financial fishing flight flood football forecast foreign forest formula fortune forum foundation France freedom
frequency friendship fuel function funding funeral furniture gallery gasoline generation genetic German Germany
gesture goal golden government governor grade graduate grammar grant guarantee guard guidance guilty gunman habitat
happiness harbour hardware headline headquarters healthcare heritage hero highlight highway historic holiday Hollywood
hospital hostage household housing humanitarian hundreds hurricane husband identity illegal illness image immigrant
immigration impact implementation import impression improvement incident income independence independent Indian
indication industrial industry inflation influence infrastructure initiative injury innovation inquiry insight
inspection inspector inspiration installation institute institution instruction insurance intelligence intention
interior international Internet interpretation intervention interview invasion investigation investigator investment
investor invitation Iran Iraq Ireland Islamic island Israel Israeli issue Italian Italy Japan Japanese journalist
journey judge judgment jury justice Korea Korean labour laboratory landscape language laptop launch lawyer layer
leadership league legacy legal legend legislation legislature leisure liberal liberty library licence license
lifestyle limitation liquid literary literature loan location London loss lower loyalty luxury machine magazine
majority makers management manager manufacturer manufacturing marathon margin marine marriage massive maximum mayor
meaning measurement mechanism medal medical medicine medium member memory mental merchant merger message method Mexico
migrant migration military million minister ministry minority missile mission mobile model moderate modern monetary
monitor monthly monument morning mortgage mosque motion motor mountain movement murder museum musician Muslim mutual
mystery narrative nationwide NATO navy negative negotiation neighbour network neutral newspaper nomination northern
notice novel nuclear numerous objective obligation observation observer occasion occupation offence offender offensive
officer official offshore Olympic operation operator opinion opponent opportunity opposition option orchestra
organisation organization origin original outbreak outcome output outside overall overseas owner ownership package
painting Pakistan Palestinian panel parade parent Paris parliament parliamentary participant partner partnership
passenger passion patient pattern payment peaceful penalty pension Pentagon percentage performance permanent
permission perspective petition petrol phase phenomenon philosophy photograph photographer pilot planet planning plant
platform player poetry police policy political politician politics pollution popular population portrait position
positive possession possibility potential poverty prayer preference pregnancy premier preparation presence presidency
presidential pressure previous primary prime prince prisoner privacy private privilege procedure proceedings producer
production profession professional professor profile profit progress project promotion proof property proportion
proposal prosecution prosecutor prospect protection protest protester province provision psychology publication
publicity publisher punishment purchase qualification quarter question radiation radical railway reaction reality
rebel recession recommendation reconstruction recovery recruitment reduction referendum reform refugee regime region
regional register regulation regulator relationship relative release relief religion religious removal repair
replacement reporter representative republic Republican reputation request requirement rescue research researcher
reservation resident resignation resistance resolution resource response responsibility restaurant restoration
restriction retail retirement revelation revenue reverse review revolution rhetoric rival robbery romantic rugby
rumour rural Russia Russian sacrifice safety salary sanctions satellite satisfaction scandal scenario schedule scheme
scholar science scientific scientist Scotland Scottish screen secondary secretary section sector security selection
Senate senator sentence separate sequence series serious servant service session settlement shareholder shelter
shooting shortage sister situation smartphone soccer society software soldier solicitor solution southern Soviet Spain
Spanish speaker specialist species specific spending spokesman spokesperson spokeswoman sponsor squad stadium standard
statement station statistics status strategic strategy strength stress strike structure struggle studio subject suburb
success suffering suicide summer summit supply supporter Supreme surface surgery surprise surveillance survey survivor
suspect suspicion Syria Syrian system tackle talent target taxpayer teacher technical technique technology teenager
telephone television temperature temple tennis territory terrorism terrorist testimony thousands threat ticket tobacco
tonight tourism tourist tournament tradition traditional traffic tragedy training transaction transfer transition
transport travel treasury treatment treaty tribunal trophy tropical trouble Trump Turkey Turkish tutor typical Ukraine
Ukrainian ultimate unemployment unhappy union unique university unlikely uprising urban vaccine valley value vehicle
venture version veteran victim victory video village violence violent virus vision visitor volume volunteer vote voter
wages warning Washington weapon weather website wedding weekend weekly welfare western whereas widespread wildlife
winner winter witness workforce workplace worldwide writer yesterday young yourself zone ability above accepted
accounts across action activities activity actually added adding addition additional address administration admitted
adults advice affected after afternoon again against agencies agency agree agreed agreement ahead airport allegations
alleged allow allowed allowing almost alone along already although always America American amid amount announced
another answer anyone anything appeared apply approach approved April areas argued armed army around arrested article
asked asking assets associated association attack attacked attacks attention August Australia authorities available
aware away banks based basis because become becoming been before began begin beginning behind being believe believed
believes below benefits better between beyond biggest billion black board bodies book born both bought break Britain
British broke brought build building buildings built business businesses buying called calling calls came cannot
capital care carried carry cases cash cause caused causing cent central centre century certain chance change changed
changes charge charged charges chief child children China Chinese choice church cities city civil claim claimed claims
class clear clearly close closed club come comes coming common communities community companies company compared
complete completely concern concerned concerns confirmed consider considered continue continued continues control cost
costs could countries country couple course court create created crowd current currently cuts daily data date David
days dead deal deals death deaths December decided decision decisions declared declined deep demand demands department
described design despite details develop developed developing development died different difficult digital direct
directly discuss discussed discussion does doing dollars done door doubt down dozen dropped drug drugs during each
earlier early earth easily east eastern economic effect effects efforts eight either elections elsewhere else emerged
employees ended energy enough enter entire especially established estimated Europe even event events eventually ever
every everyone everything exactly example except expect expected experience experienced explain explained express
extra face faced faces facing fact failed fair fall fallen falling families family fans farmers father fears February
feel feeling feels felt field fight fighting figure figures film final finally find finding fire firm firms first five
flat floor focus follow followed following food force forced forces form formed former forward found four free fresh
Friday friend friends from front full fully fund funds further future gain game games gave general George getting girl
girls give given gives giving global goes going gold gone good goods government's great greater greatest green ground
group groups growing growth guns half hand hands happen happened hard hardly have having head health hear heard
hearing heart heavy held help helped helping here high higher highest highly himself history hold holding home homes
hope hoped hopes hoping hospitals hotel hour hours house houses however huge human idea ideas immediate immediately
important improve include included includes including increase increased increasing increasingly indeed individual
individuals information inside instead intended interest interested interests into introduced involved involving
issued issues itself jail James January jobs John join joined joint July June just keep keeping kept kill killed
killing kind king knew know known lack land large largely larger largest last late later latest lawmakers laws lead
leader leaders leading least leave leaving left legal less letter level levels life light like likely limited line
lines link linked list little live lives living local long longer look looked looking lose losing lost love made main
major make makes making manner many March mark market markets mass match material matter maybe mean means meant
measure measures media meet meeting meetings members mention message might miles military mind minutes missing mixed
Monday money month months more most mostly mother move moved moves moving much music must name named names narrow
nation national nations natural nature near nearby nearly necessary need needed needs neither never news next night
nine none normal north November number numbers obvious obviously occurred October offer offered offering offers office
officers officials often older once ones online only onto open opened opening operating operations order orders
organisations organizations other others otherwise ourselves over paid paper part particular particularly parties
parts party pass passed past patients paying peace people per percent perhaps period person personal phone photo pick
picture piece place placed places plan planned plans play played players playing please plus point points poor
population position possible possibly post pounds power powerful powers present president press pretty prevent
previously price prices prison probably problem problems process produce produced product products programme
programmes program programs promise promised proposed protect proved provide provided provides providing public
published pull push putting quality question questions quickly quite race radio raise raised raising range rate rates
rather reach reached read ready real really reason reasons receive received recent recently record records reduce
reduced refused related relations remain remained remains report reported reportedly reporters reports represents
required rest result results return returned rich right rights rise rising risk risks river road roads role room round
rule rules running said Saturday saying says scene school schools season seat second secret secure seek seeking seem
seemed seems seen sell selling send senior sense sent September serve served services set seven several severe sexual
share shares sharp short shot should show showed showing shown shows side sign signed significant signs similar simple
simply since single site sites six size skills slow small social sold some someone something sometimes soon sort
sought sound source sources south space speak speaking special specific speech speed spend spent spoke sports spread
spring stage stand start started starting state states statement stay step steps still stock stood stop stopped store
stories story straight street streets strong student students study style such suffered suggested suggests Sunday
support supported supporters sure system systems take taken takes taking talk talking talks team teams tell telling
term terms test tests than thank that their them themselves then there therefore these they thing things think
thinking third this those though thought thousand threatened three through throughout Thursday thus time times today
together told took top total touch toward towards town trade trial tried trip troops true trust truth trying Tuesday
turn turned turning type under understand understood unit United units unless until upon urged used users uses using
usually values various very victims view views violence visit visited voice voted voters votes voting wait waiting
walk wall want wanted wants warned wars waste watch water ways weak week weeks well went were west what whatever when
where whether which while white whole whose wide wife will win window winning wish with within without woman women
wonder words work worked worker workers working works world worried worse worst worth would wounded write writing
written wrong wrote year years yet York young younger your according to a spokesman for the more than at least last
year this week of the United States the Prime Minister President told reporters on Monday on Tuesday on Wednesday on
Thursday on Friday on Saturday on Sunday said in a statement per cent has been have been had been would be will be
could be is expected to are expected to as well as one of the because of the in the first in the past by the end of
the since the there are there is it was they were he was she was who was which is that it had that he would not be
able to do not did not does not has not it's don't didn't that's I'm we're he's “I think we have ” he said. ” she
said. “We are ” said. The It He She In A But And “ not but his her its our their you we they she he had has have are
were was been be will would who which this that with from as at by on for is it in and to of a the , and , the . The ,
said
""".replace("\n", " ")

_RECORDS: Final = (
    '"],"captions":["],"subheads":["],"key_points":["","modified_at":"2026-01-01T00:00:00+00:00","day_only":true,'
    '"url":"https://www.","deck":"","byline":["'
    '"removed":[["menu"],["furniture"],["repeated"],["contact"],["caption"]]'
    '"claim"],"planned"],"note":null}"derived":true,"prompt_hash":null,"model":null,"cost":[0,0,0.0],"note":null}'
    '"headline":"","bullets":[["",[0],"",null,"fact"],["",[1],"",null,"fact"],["",[2],"",null,"fact"]],'
    '"writer":"extractive","derived":false,"prompt_hash":null,"model":null,"cost":[0,0,0.0],"note":null}'
    '{"title":"","source":"The ","published_at":"2026-01-01T00:00:00+00:00","language":"en"}'
    '","sentences":[0,120,0,1,140,0,1,160,1,2,100,0]}{"body":"'
)

# Never edited once released: what was compressed against it can be read with it alone.
DICTIONARY: Final = (_WORDS + _RECORDS).encode()
