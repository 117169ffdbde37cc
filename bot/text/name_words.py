"""What name finding knows of words: titles, calendar, openers of sentences, and the marks of names in CJK scripts."""

from __future__ import annotations

from bot.text.word_sets import any_of, word_set

# Forms of address, left out of a name wherever they stand.
HONORIFICS = word_set(
    """mr mrs ms miss mx dr prof professor sir dame lord lady rev hon gen lt col sgt capt cmdr adm maj sen rep gov pres
    herr frau monsieur madame mme mlle señor señora sr sra don doña signor signora"""
)
CALENDAR = word_set(
    """january february march april may june july august september october november december jan feb mar apr jun jul
    aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur
    thurs fri sat sun"""
)
# Months and days that are names too: calendar only before a number or after a word of time.
CALENDAR_OR_NAME = word_set("may march april june august jan mar sun sat mon dec wed fri")
# Words that open sentences with a capital and are no names, besides the stop words.
OPENERS = word_set(
    """however meanwhile although though despite still yet another next earlier later officials police among amid
    moreover furthermore nevertheless nonetheless instead indeed perhaps since whether unless let yes thank thanks
    today yesterday tomorrow tonight recently finally eventually overall similarly likewise additionally experts
    critics analysts researchers scientists authorities residents people three four five six seven eight nine ten
    some several dozens hundreds thousands millions everyone nobody nothing everything someone something within
    without toward towards along across around near behind besides beyond whenever wherever whoever whatever so"""
)
CONNECTORS = word_set("of for the de la le del della di da do dos das du des van von der den bin ibn al el ter")

# Words that "of" and "for" continue ("Central Bank of ...", "Center for ..."); after others they join two names.
HEADS = word_set(
    """university college school institute bank court house department ministry office council board church bishop
    archbishop duke duchess prince princess king queen earl republic kingdom states state bay gulf cape isle island
    sea city district province league society association academy museum gallery center centre federation
    confederation chamber union order bureau agency commission committee commissioner congress parliament assembly
    senate president minister secretary governor mayor speaker director chief chancellor battle lords commons
    representatives campaign movement foundation party prize fund coalition partnership authority administration
    conference organization organisation program programme service alliance network army bishops justice day museum
    tower port gates game"""
)

KOREAN_TITLES = any_of(
    """기자 특파원 대통령 총리 장관 차관 의원 위원장 위원 대표 회장 부회장 사장 부사장 이사장 이사 교수 박사 변호사
    검사 판사 시장 도지사 지사 군수 구청장 청장 총장 원장 감독 선수 코치 배우 가수 작가 대변인 국장 과장 팀장 실장
    본부장 센터장 연구원 연구위원 애널리스트 후보 당선인 주석 국무위원장 총재 의장 대사 목사 신부 스님 씨 군 양 여사
    전무 상무 부장 차장 소장 중장 대장 대령 총괄 앵커 시인 수석 비서관 행정관 단장 이사관 사무총장 원내대표 최고위원
    조합장 지부장 서장 경위 경감 대법관 재판관 국왕 왕세자 외무상 교황"""
)
# Occupations that stand before a name.
KOREAN_OCCUPATIONS = any_of(
    "배우 가수 작가 감독 선수 시인 화가 소설가 방송인 코미디언 개그맨 기자 대통령 총리 회장 래퍼 모델 피의자"
)
# Words before a title that begin like a family name and are none.
KOREAN_NO_NAMES = any_of(
    """모든 다른 어떤 전체 신임 현직 전직 여성 남성 전국 지방 최고 고위 차기 공동 주요 소속 이런 그런 해당 담당 유명
    민간 외국 현지 일반 노동 사립 국립 공립 지역 우리 당시 여러 한국 국내 국제 공식 남자 여자 원로 선임 주임 수석
    책임 연례 정식 임시 전문 조합 노조 정부 이들 이번 최근 오늘 어제 이날 같은 이전 기존 연구 지난 방송 민주 공화
    여당 야당 문화 경제 사회 정치 교육 국방 외교 통일 환경 법무"""
)
# The commonest family names cover over 95 percent of people (Statistics Korea, census of 2015).
KOREAN_FAMILY_NAMES = (
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현함변염여추도소석"
    "선설마길연위표명기반왕금옥육인맹제모탁국어은편용"
)
KOREAN_ORGANISATIONS = any_of(
    """위원회 연구원 연구소 대학교 대학 은행 병원 법원 검찰청 경찰청 경찰서 협회 연합회 연맹 재단 공사 공단 노조 그룹
    전자 건설 증권 보험 통신 신문 일보 방송 국회 시청 도청 구청 교육청 공항 특별시 광역시 터미널 박물관 미술관 센터
    홀딩스 제약 중공업 자동차 항공 구단 고등학교 중학교 초등학교 재판소 금융지주 카드 생명 화학 조선"""
)
# Ministries and offices too short to be told by their last syllable.
KOREAN_OFFICES = any_of(
    """외교부 국방부 법무부 통일부 교육부 환경부 복지부 국토부 산업부 행안부 과기부 문체부 농식품부 고용부 여가부
    해수부 중기부 기재부 국세청 관세청 경찰청 검찰청 기상청 소방청 산림청 통계청 특허청 병무청 감사원 국정원 금감원
    법제처 식약처 인사처 대법원 헌재 한은 청와대 백악관 국무부 재무부 상무부 국회 유엔 나토"""
)
KOREAN_PLACES = any_of(
    """한국 대한민국 북한 남한 미국 중국 일본 러시아 영국 프랑스 독일 이탈리아 스페인 캐나다 호주 인도 브라질 멕시코
    우크라이나 이란 이라크 이스라엘 팔레스타인 시리아 터키 튀르키예 사우디아라비아 이집트 베트남 태국 필리핀
    인도네시아 말레이시아 싱가포르 대만 홍콩 몽골 네덜란드 벨기에 스위스 스웨덴 노르웨이 핀란드 덴마크 폴란드 그리스
    아르헨티나 칠레 남아공 유럽연합 유럽 아시아 아프리카 중동 서울 부산 대구 인천 광주 대전 울산 세종 경기 강원 충북
    충남 전북 전남 경북 경남 제주 수원 성남 고양 용인 창원 청주 전주 천안 포항 평양 도쿄 오사카 베이징 상하이 워싱턴
    뉴욕 런던 파리 베를린 모스크바 키이우 하노이 방콕"""
)
HAN_PLACES = any_of(
    """中国 中國 美国 美國 日本 韩国 韓国 韓國 朝鲜 北朝鮮 俄罗斯 俄羅斯 英国 英國 法国 法國 德国 德國 印度 乌克兰
    烏克蘭 以色列 伊朗 加拿大 澳大利亚 台湾 台灣 香港 澳门 北京 上海 广州 深圳 天津 重庆 东京 東京 大阪 京都 名古屋
    福岡 北海道 沖縄 台北 首尔 米国 欧盟 歐盟 欧洲 联合国 聯合國 国連 华盛顿 纽约 伦敦 巴黎 莫斯科"""
)
HAN_TITLES = any_of(
    """总统 總統 主席 总理 總理 部长 部長 市长 市長 省长 州长 记者 記者 先生 女士 教授 博士 委员 议员 議員 书记 書記
    院长 校长 董事长 经理 发言人 大使 将军 氏 さん 首相 大統領 知事 選手 監督 社長 会長 容疑者 被告 大臣 官房長官
    外相 議長 総裁 代表 ちゃん 君"""
)
HAN_FAMILY_NAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡林郭何高罗羅郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭萧蕭蔡潘田董袁于余叶葉蒋蔣"
    "杜苏蘇魏程吕呂丁沈任姚卢盧傅钟鍾姜崔谭廖范汪陆陸金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严武习習"
)
HAN_ORGANISATIONS = any_of(
    """大学 大學 公司 集团 集團 银行 銀行 委员会 委員會 委員会 医院 醫院 病院 法院 裁判所 协会 協會 協会 新闻 新聞
    通信社 通讯社 航空 自動車 電力 製薬 高校 党 省 庁"""
)
