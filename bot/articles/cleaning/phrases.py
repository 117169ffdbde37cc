"""What pages say around an article, in the languages of the news: data only, read by `patterns`.

Phrases are lower case with straight quotes; `#` stands for any number. WHOLE are whole lines; STARTS begin a line and
say at most how many words the line may have; PARTS stand anywhere in a short line. A phrase that a plain note or list
could hold as well (`home`, `print`) is WEAK: it counts only beside surer signs of a page.
"""

from __future__ import annotations

from bot.articles.cleaning.blocks import Label


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.replace("\n", " ").split(";") if phrase.strip())


# The words share lines are made of: networks, and what stands around their names.
NETWORKS = frozenset(
    """facebook twitter x kakao kakaotalk kakaostory naver band line linkedin whatsapp telegram reddit pinterest tumblr
    email e-mail mail link url print sms messenger instagram youtube threads bluesky mastodon flipboard weibo wechat
    vk vkontakte viber xing hatena pocket snapchat tiktok rss qq qzone odnoklassniki ok google+ google evernote copy
    페이스북 트위터 카카오톡 카카오스토리 카톡 네이버 밴드 라인 링크 이메일 메일 블로그 텔레그램 인스타그램
    フェイスブック ツイッター はてなブックマーク メール 微信 微博 朋友圈 空间 脸书 推特 邮件
    фейсбук твиттер вконтакте телеграм одноклассники واتساب فيسبوك تويتر تلغرام""".split()
)
SHARE_WORDS = frozenset(
    """share tweet post pin save send shares sharing buttons button icon logo on via by to in with this article story
    page and or the a new window tab opens open click per su sur auf em en via con par e y et und teilen merken
    versenden drucken teile artikel partager envoyer imprimer cet article compartir comparte enviar imprimir guardar
    noticia artículo condividi condividere invia stampa articolo compartilhar compartilhe salvar поделиться отправить
    в на шаринг класснуть مشاركة شارك عبر على طباعة 공유 공유하기 로 으로 보내기 버튼 하기 복사 주소 기사 저장 스크랩
    인쇄 シェア シェアする ツイート 共有 する で ポスト 保存 分享 到 至 转发 收藏 打印 分享到 分享至""".split()
)

WHOLE: dict[Label, tuple[str, ...]] = {
    Label.SHARE: _phrases(
        """share this; share this article; share this story; share this page; share on; share via; share article;
        spread the love; spread the word; sharing is caring; click to share; copy link; copied; link copied; tweet
        this; save article; save for later; save this story; bookmark this; print this page; email this article;
        like this; follow; follow us; follow us on; share full article; gift this article; gift article; view comments;
        add as preferred source on google; 공유; 공유하기; 기사 공유; 기사공유; 기사 공유하기; sns 공유; 기사 저장;
        스크랩; 인쇄; 인쇄하기; 프린트; 북마크; 좋아요; 구독; 구독하기; 구독중; 카카오톡 공유; url 복사; 주소복사;
        url복사; 기사 듣기; 기사듣기; 음성으로 듣기; 기사 스크랩; 이 기사 공유하기; シェア; シェアする; ツイート;
        ポスト; ブックマーク; この記事をシェア; 記事をシェア; この記事をシェアする; 保存; 印刷; 共有;
        分享; 分享到; 分享至; 收藏; 转发; 打印; 点赞; 微信扫一扫; 扫一扫分享; 转发到朋友圈; 字号; 分享文章; 分享本文;
        teilen; artikel teilen; merken; drucken; artikel drucken; artikel versenden; beitrag teilen; per mail versenden;
        feedback senden; link kopieren; partager; partager cet article; partager l'article; imprimer; envoyer par
        e-mail; copier le lien; réagir; sauvegarder; offrir cet article; compartir; comparte; compartir en; comparte
        esta noticia; compartir esta noticia; guardar; imprimir; copiar enlace; enviar por correo; síguenos;
        condividi; condividi su; condividi articolo; condividi l'articolo; stampa; salva; copia link; compartilhar;
        compartilhe; compartilhe esta notícia; compartilhe:; salvar; copiar link; поделиться; поделитесь; поделиться
        ссылкой; поделиться новостью; скопировать ссылку; распечатать; в закладки; مشاركة; شارك; شارك المقال; شارك
        الخبر; انسخ الرابط; طباعة; حفظ; paylaş; udostępnij; delen; dela; bagikan; chia sẻ; แชร์; शेयर करें"""
    ),
    Label.MENU: _phrases(
        """font size; font-size; ⓕ font-size; text size; go top; go top letter; back to top; scroll to top; skip to main
        content; skip to content; skip to navigation; skip advertisement; jump to content; sign in; log in; login; sign
        up; log out; register; my account; my page; create account; main menu; menu toggle; toggle navigation; open menu;
        close menu; search this site; listen to this article; listen to article; listen; listen # min; play video; watch
        live; live tv; dark mode; light mode; change language; select language; translate this page; loading; loading...;
        please wait; enable javascript; accept all cookies; accept cookies; accept all; reject all; manage cookies;
        cookie settings; cookie policy; privacy settings; privacy policy; terms of use; terms of service; terms and
        conditions; privacy notice; do not sell my personal information; site map; sitemap; about us; newsletter;
        newsletters; subscribe; subscribe now; subscribe today; subscribe for free; become a member; support us; donate;
        donate now; e-paper; epaper; # min read; # minute read; # mins read; # minutes read; # min; reading time #
        minutes; reading time: # min; reading time: # minutes; # views; # shares; views #; view in browser; expand;
        collapse; show more; show less; load more; read full story; continue reading; continue reading below; story
        continues below; article continues below; image #; photo #; gallery; view gallery; view # images; open image in
        gallery; enlarge image; fullscreen; hide caption; toggle caption; enlarge this image; play; pause; mute; unmute;
        글자크기; 글자 크기; 글자크기 조절; 글자 크기 조절; 글씨크기; 글자 크기 변경; 글자크기 설정; 본문 글자 크기; 본문
        글씨 키우기; 본문 글씨 줄이기; 글씨크기 조절; 가; 가가; 가 가; 닫기; 메뉴; 전체메뉴; 검색; 맨위로; 맨 위로; 위로;
        로그인; 회원가입; 로그아웃; 마이페이지; 바로가기; 본문 바로가기; 본문바로가기; 본문으로 바로가기; 메뉴 바로가기; 번역;
        번역하기; 번역 설정; 다크모드; 설정; 뉴스레터; 뉴스레터 구독; 이전; 다음; 이전 기사; 다음 기사; 이전기사; 다음기사;
        pdf보기; 지면보기; 기사제보; 요약보기; 요약; ai 요약; 전체보기; 더보기; 펼치기; 접기; 확대; 이미지 확대; 사진 확대;
        이미지 크게 보기; 기자 구독; 기사를 읽어드립니다; 동영상 고정 취소; 홈으로; 목록; 목록으로; 조회수 #; 조회 #;
        メニュー; 検索; ログイン; 新規登録; 会員登録; トップ; トップページ; トップへ; ページトップへ; ページの先頭へ; 閉じる;
        文字サイズ; 文字サイズ変更; 小 中 大; 標準; 拡大; 続きを読む; もっと見る; 有料会員限定; 会員限定; この記事は会員限定です;
        この記事は有料記事です; 残り#文字; 画像を拡大する; 設定; 音声で聴く; 次へ; 前へ; 登录; 注册; 搜索; 首页; 返回首页; 返回顶部;
        菜单; 关闭; 字体大小; 字体; 大 中 小; 小 中 大; 放大; 缩小; 打开app; 打开客户端; 下载app; 查看更多; 展开全文; 阅读全文;
        听新闻; 繁体; 简体; 客户端; 搜尋; 首頁; 登入; 註冊; 字級; 選單; 更多; anmelden; abmelden; registrieren; menü; suche;
        startseite; zur startseite; nach oben; zum seitenanfang; vorlesen; artikel anhören; jetzt anhören; schriftgröße;
        mehr anzeigen; weiterlesen; zum inhalt springen; cookie-einstellungen; alle akzeptieren; datenschutz; impressum;
        agb; abonnieren; jetzt abonnieren; lesezeit: # min; lesezeit # minuten; lesedauer: # min; # min lesezeit; # min.
        lesezeit; se connecter; s'abonner; s'inscrire; je m'abonne; connexion; accueil; recherche; rechercher; menu
        principal; aller au contenu; haut de page; retour en haut; écouter l'article; écouter cet article; lire plus;
        lecture # min; lecture : # min; temps de lecture : # min; temps de lecture # min; tout accepter; accepter;
        gérer mes cookies; mentions légales; article réservé aux abonnés; réservé aux abonnés; abonnez-vous; iniciar
        sesión; registrarse; suscríbete; suscribirse; suscríbete ahora; inicio; buscar; ir al contenido; volver arriba;
        escuchar; leer más; ver más; tiempo de lectura: # min; aceptar; aceptar todo; aviso legal; accedi; registrati;
        abbonati; cerca; torna su; torna all'inizio; vai al contenuto; ascolta l'articolo; leggi tutto; continua a
        leggere; tempo di lettura: # min; # min di lettura; # minuti di lettura; accetta tutti; entrar; cadastre-se;
        assine; assine já; início; busca; pular para o conteúdo; ir para o conteúdo; voltar ao topo; ouvir; ouvir
        notícia; ler mais; leia na íntegra; tempo de leitura: # min; aceitar; войти; вход; регистрация; главная; поиск;
        меню; наверх; вверх; подписаться; показать еще; показать ещё; читать далее; читать полностью; время чтения: #
        мин; # мин; слушать новость; версия для печати; تسجيل الدخول; الرئيسية; بحث; القائمة; اشترك; اشترك الآن;
        النشرة البريدية; استمع; استمع للمقال; حجم الخط; المزيد; اقرأ المزيد; العودة إلى الأعلى; تخطي إلى المحتوى"""
    ),
    Label.ADVERTISEMENT: _phrases(
        """advertisement; advertisements; advertising; advert; ad; ads; ad feedback; sponsored; sponsored content;
        sponsored links; paid content; paid post; promoted; promoted content; promoted stories; from our partners; around
        the web; ads by google; remove ads; close ad; skip ad; advertisement - story continues below; advertisement -
        continue reading below; advertisement - scroll to continue; 광고; 광고 영역; 광고닫기; 광고 닫기; 협찬; 스폰서;
        ad 광고; 広告; pr; スポンサー; スポンサーリンク; スポンサードリンク; 广告; 廣告; 推广; 赞助; anzeige; werbung;
        anzeige:; publicité; annonce; annonces; contenu sponsorisé; la suite après cette publicité; la suite après la
        publicité; publicidad; anuncio; contenido patrocinado; pubblicità; annuncio; publicidade; continua após a
        publicidade; continua depois da publicidade; conteúdo patrocinado; реклама; на правах рекламы; إعلان; إعلانات;
        اعلان; reklam; reklama; advertentie; iklan; quảng cáo; โฆษณา; विज्ञापन"""
    ),
    Label.RELATED: _phrases(
        """related; related post; related posts; related story; related stories; related article; related articles;
        related news; related topics; related topic; related content; related links; related coverage; related reading;
        related tags; related items; related video; related videos; most viewed; most viewed articles; most read; most
        read articles; most read stories; most popular; most popular stories; most shared; most commented; most watched;
        top stories; top news; top # stories; top # news; top # articles; trending; trending now; trending stories; popular; popular posts; popular stories; popular news;
        popular now; popular articles; what's popular; recommended; recommended for you; recommended stories; recommended
        articles; recommended reading; you may like; you may also like; you might like; you might also like; you may be
        interested in; more stories; more news; more headlines; more from this section; more from this author; more from
        the author; more on this; more on this story; more on this topic; more like this; more to read; latest; latest
        news; latest stories; latest headlines; latest articles; latest posts; latest updates; editor's pick; editor's
        picks; editors' picks; editor's choice; read more; read next; read also; up next; next article; next story; next
        post; previous article; previous post; previous story; also read; also on; see also; don't miss; in case you
        missed it; keep reading; further reading; recent posts; recent articles; recent stories; recent news; other news;
        other stories; in other news; today's headlines; today's top stories; must read; must reads; must-read; featured;
        featured stories; what to read next; what to watch; watch next; watch more; topics; more topics; topics in this
        article; tags; filed under; in this story; in this article; explore more; around the network; elsewhere on the
        site; people also read; readers also liked; headlines; 관련기사; 관련 기사; 관련뉴스; 관련 뉴스; 관련 키워드;
        관련키워드; 관련 태그; 관련태그; 관련 글; 관련글; 연관기사; 연관 기사; 많이 본 기사; 많이 본 뉴스; 많이본 기사;
        많이본 뉴스; 많이본뉴스; 많이본기사; 가장 많이 본 기사; 가장 많이 본 뉴스; 가장 많이 읽은 기사; 인기기사; 인기 기사;
        인기뉴스; 인기 뉴스; 추천기사; 추천 기사; 추천뉴스; 추천 뉴스; 최신기사; 최신 기사; 최신뉴스; 최신 뉴스; 주요뉴스;
        주요 뉴스; 주요기사; 주요 기사; 핫뉴스; 핫이슈; 오늘의 주요뉴스; 오늘의 뉴스; 오늘의 핫뉴스; 실시간 뉴스; 실시간 인기기사; 이
        시각 주요뉴스; 이 시각 뉴스; 이시각 주요뉴스; 지금 뜨는 뉴스; 지금 뜨는 기사; 화제의 뉴스; 랭킹뉴스; 랭킹 뉴스; 함께 본
        기사; 함께 보면 좋은 기사; 함께 볼만한 뉴스; 다른 기사 보기; 다른기사 보기; 다른 기사; 이 기자의 다른 기사; 더 보기;
        기자의 다른기사; 이 기사와 함께 본 기사; 당신이 좋아할 만한 기사; 태그; #태그; 오늘의 추천기사; 인기 검색어; 포토뉴스; 관련 영상;
        関連記事; 関連ニュース; 関連リンク; 関連トピックス; 関連キーワード; あわせて読みたい; こちらもおすすめ; おすすめ記事; おすすめ;
        おすすめの記事; 人気記事; 人気の記事; 注目の記事; 注目記事; 最新記事; 最新ニュース; 新着記事; 新着ニュース; アクセスランキング;
        ランキング; 人気記事ランキング; 記事ランキング; よく読まれている記事; この記事を読んだ人はこんな記事も読んでいます; 次の記事; 前の記事; 主要ニュース;
        トピックス; 相关新闻; 相关阅读; 相关文章; 相关报道; 相关推荐; 相关链接; 相关专题; 延伸阅读; 推荐阅读; 热门推荐; 热门文章; 热门新闻;
        热点新闻; 热点推荐; 精彩推荐; 猜你喜欢; 更多新闻; 更多阅读; 最新新闻; 最新文章; 最新消息; 新闻排行; 点击排行; 24小时热文; 阅读排行; 排行榜;
        上一篇; 下一篇; 为您推荐; 编辑推荐; 今日热点; 相關新聞; 相關文章; 相關報導; 延伸閱讀; 推薦閱讀; 熱門新聞; 熱門文章; 最新新聞; 最夯新聞;
        更多新聞; 你可能也想看; 猜你喜歡; 人氣新聞; mehr zum thema; zum thema; mehr zu; lesen sie auch; auch interessant;
        das könnte sie auch interessieren; das könnte ihnen auch gefallen; ähnliche artikel; weitere artikel; weitere
        themen; weitere nachrichten; weitere meldungen; meistgelesen; meistgelesene artikel; meistgelesene beiträge; am
        häufigsten gelesen; empfehlungen; empfehlungen der redaktion; top-themen; neueste artikel; aktuelle nachrichten;
        verwandte themen; verwandte artikel; schlagworte; nächster artikel; à lire aussi; lire aussi; a lire aussi; à
        lire également; lire également; voir aussi; à voir aussi; articles liés; articles similaires; sur le même sujet;
        sur le même thème; les plus lus; articles les plus lus; les plus partagés; les plus consultés; dans la même
        rubrique; à la une; à découvrir; dernières actualités; dernières infos; nos derniers articles; recommandé pour
        vous; nous vous recommandons; vous aimerez aussi; notícias relacionadas; noticias relacionadas; artículos
        relacionados; artículo relacionado; notas relacionadas; te puede interesar; también te puede interesar; le puede
        interesar; le puede interesar:; más noticias; más información; más leídas; lo más leído; lo más visto; las más
        leídas; las más vistas; más sobre este tema; últimas noticias; te recomendamos; recomendados; lea también; lee
        también; lea además; ver también; temas relacionados; archivado en; etiquetas; leggi anche; articoli correlati;
        articoli collegati; notizie correlate; potrebbe interessarti; potrebbe interessarti anche; ti potrebbe
        interessare; ti potrebbero interessare; i più letti; le più lette; più letti; più lette; ultime notizie; in
        evidenza; da leggere; altre notizie; argomenti; vedi anche; tag; leia também; leia mais; veja também; veja mais;
        saiba mais; matérias relacionadas; artigos relacionados; mais lidas; as mais lidas; mais lidos; últimas notícias;
        você pode gostar; você também pode gostar; recomendadas; recomendado para você; mais notícias; relacionadas;
        mais sobre o assunto; читайте также; читать также; смотрите также; по теме; материалы по теме; новости по теме; похожие
        новости; похожие материалы; похожие статьи; другие новости; ещё новости; еще новости; последние новости; главные
        новости; самое читаемое; самое популярное; популярное; популярные новости; популярные статьи; рекомендуем; вам
        может быть интересно; новости партнеров; новости партнёров; лента новостей; главное; теги; метки; اقرأ أيضا; اقرأ
        أيضاً; اقرأ أيضًا; إقرأ أيضا; اقرأ أيضا:; مواضيع ذات صلة; موضوعات ذات صلة; أخبار ذات صلة; مقالات ذات صلة; مقالات
        مشابهة; أخبار متعلقة; الأكثر قراءة; الأكثر مشاهدة; الأكثر تداولا; آخر الأخبار; أحدث الأخبار; قد يعجبك; قد يعجبك أيضا;
        قد يهمك; قد يهمك أيضا; شاهد أيضا; المزيد من الأخبار; كلمات مفتاحية; الكلمات الدالة; lees ook; läs också; les også; læs
        også; czytaj także; zobacz też; i̇lgili haberler; ilgili haberler; baca juga; berita terkait; terpopuler; tin liên quan; ข่าวที่เกี่ยวข้อง;
        यह भी पढ़ें; ये भी पढ़ें"""
    ),
    Label.COMMENT: _phrases(
        """comment; comments; # comment; # comments; comments #; add comment; add a comment; leave a comment; leave a
        reply; leave a response; leave your comment; post comment; post a comment; write a comment; write a review; cancel
        reply; no comments; no comments yet; be the first to comment; join the conversation; join the discussion; start
        the conversation; log in to comment; log in to reply; sign in to comment; sort by; newest first; oldest first;
        most liked; reply; report abuse; report comment; comments are closed; comments are closed.; responses; discussion;
        view all comments; show comments; load comments; what do you think; captcha; 댓글; 댓글 #; 댓글 #개; 댓글#; 댓글쓰기; 댓글
        쓰기; 댓글 보기; 댓글보기; 댓글 작성; 댓글 등록; 댓글 달기; 댓글 더보기; 댓글을 입력하세요; 댓글을 입력해주세요; 댓글을 남겨주세요; 첫
        댓글을 남겨주세요; 전체 댓글; 전체댓글; 독자 의견; 의견쓰기; 의견 쓰기; 회원로그인; 비회원; 등록; 최신순; 과거순; 공감순; 인기순;
        순공감순; 답글; 답글쓰기; 신고; コメント; コメント #; コメントする; コメントを書く; コメントを見る; コメントを投稿; コメント一覧; コメントを残す;
        コメントはまだありません; 评论; 网友评论; 最新评论; 热门评论; 全部评论; 发表评论; 我要评论; 我来说两句; 写评论; # 条评论; 评论 #; 已有#人参与; 留言; 發表評論;
        我要留言; 發表留言; 回覆; 回复; kommentar; kommentare; # kommentare; # kommentar; kommentar schreiben; kommentar verfassen;
        kommentare anzeigen; kommentieren; diskutieren sie mit; schreiben sie einen kommentar; jetzt mitdiskutieren; antworten;
        commentaires; # commentaires; # commentaire; commenter; laisser un commentaire; ajouter un commentaire; réagissez à
        cet article; vos réactions; soyez le premier à commenter; répondre; comentarios; # comentarios; # comentario; comentar;
        deja un comentario; dejar un comentario; dejar comentario; deja una respuesta; escribe un comentario; ver comentarios; responder;
        commenti; # commenti; # commento; commenta; lascia un commento; scrivi un commento; rispondi; comentários; # comentários;
        # comentário; deixe um comentário; deixe seu comentário; deixe uma resposta; comente; faça um comentário; комментарии; комментарии #; # комментариев;
        # комментария; # комментарий; комментировать; оставить комментарий; добавить комментарий; написать комментарий; ответить;
        обсудить; обсуждение; التعليقات; تعليقات; # تعليقات; # تعليق; تعليق; أضف تعليق; أضف تعليقا; أضف تعليقك; اترك تعليقا; اترك تعليقاً;
        اكتب تعليقك; yorumlar; yorum yap; reacties; kommentarer; komentar; bình luận"""
    ),
    Label.CONTACT: _phrases(
        """contact; contact us; contact the author; contact the newsroom; contact the reporter; send a tip; send us a tip;
        got a tip; got a tip?; have a tip?; send us your news; report an error; report a typo; report a problem; report a
        mistake; submit a correction; 제보하기; 기사제보; 제보; 문의하기; 오류신고; 오류 신고; お問い合わせ; ご意見・ご感想; 联系我们; 聯絡我們; 纠错; kontakt;
        fehler melden; nous contacter; signaler une erreur; contáctanos; contacto; contatti; segnala un errore; fale
        conosco; contato; reportar erro; контакты; связаться с нами; сообщить об ошибке; اتصل بنا"""
    ),
}

# Phrases of WHOLE that a list, a note or a poem may hold as a line of its own; digits-only lines are weak as well.
WEAK = frozenset(
    _phrases(
        """follow; save; print; listen; play; pause; mute; loading; search; menu; home; settings; close; top; x; login;
        register; subscribe; newsletter; gallery; donate; expand; related; popular; featured; latest; topics; tags; tag;
        headlines; reply; comment; comments; responses; discussion; contact; ad; ads; pr; letter; share; tweet; copy; copied;
        mail; email; link; 설정; 검색; 메뉴; 홈; 다음; 이전; 목록; 요약; 저장; 등록; 신고; 위로; 가; 가 가; 가가; 확대; 번역; 제보; 문의하기; 구독; 인쇄; 좋아요; 공유; 댓글;
        検索; 設定; 標準; 拡大; 保存; 印刷; 共有; 搜索; 首页; 关闭; 更多; 字体; 收藏; 打印; 留言; 登录; 注册; 评论; 推广; menü; suche; merken; drucken; teilen; antworten;
        recherche; accueil; imprimer; partager; buscar; inicio; guardar; imprimir; escuchar; responder; cerca; salva; stampa;
        entrar; busca; início; salvar; ouvir; поиск; главная; главное; меню; вход; войти; ответить; обсудить; بحث; حفظ; المزيد; تعليق; kontakt; contacto; contato; annonce; annuncio; anuncio;
        listen to article; comment; antworten; editor's choice; top news; must read; what do you think; more news; other news"""
    )
) | frozenset({"language", "languages", "sections", "section", "more", "next", "previous", "back", "font", "close x", "a a", "a a a", "a- a a+", "a-", "a+", "a", "sponsored"})

STARTS: tuple[tuple[str, Label, int], ...] = (
    *((start, Label.SHARE, 12) for start in _phrases(
        """share this ; share on ; share via ; click to share; share the article; share article ; share icon; tweet
        this ; email this ; pin this ; send this article; 이 기사를 공유; sns로 ; 分享到; 分享至; 用微信扫; 打开微信; 微信扫; この記事をシェア;
        artikel teilen; diesen artikel ; partager sur ; partager l'article; partager cet article; partager via ; compartir
        en ; compartir por ; comparte en ; condividi su ; condividi questo ; compartilhe no ; compartilhe via ; compartilhar no ; compartilhar
        em ; поделиться в ; отправить в ; شارك على ; مشاركة عبر """)),
    *((start, Label.MENU, 14) for start in _phrases(
        """go top ; text size ; font size ; listen to this ; listen • ; listen: ; listen (; skip to ; estimated reading
        time; reading time: ; your browser does not ; this video is not available; this content is not available; click here to
        ; click to ; tap to ; tap here ; press enter ; javascript is ; please enable ; cookies on ; we use cookies; this site uses cookies; this
        website uses cookies; by continuing to ; by clicking ;  글자 크기; 글자크기; 글씨 크기; 본문 글자; 이 기사는 번역; 네이버 메인에서 ; 네이버에서 ;
        카카오톡 채널 ; 기사 원문 ; 원문 보기; 원문보기; 文字サイズ; この記事は会員; 残り; 字号：; 字号:; 字体：; 字体:; 打开手机; 扫描二维码; 扫码下载; 点击进入; 点击查看;
        zum artikel: ; um diesen artikel ;  wir verwenden cookies; nous utilisons des cookies; ce contenu est réservé;
        il vous reste ; esta web utiliza cookies; utilizamos cookies; questo sito utilizza cookie; este site usa cookies; мы используем файлы cookie; نستخدم ملفات""")),
    *((start, Label.ADVERTISEMENT, 20) for start in _phrases(
        """advertisement ; sponsored by ; sponsored: ; story continues below ; article continues after ; article
        continues below ; continue reading below ; promoted by ; paid for by ; this article contains affiliate; we may earn
        a commission; we may earn commission; la suite après ; continua dopo la pubblicità; continúa después de la publicidad; sigue leyendo después; weiter nach der anzeige;  реклама. ;  広告の""")),
    *((start, Label.RELATED, 24) for start in _phrases(
        """related: ; related stories; related articles; related posts; related news; related topics; related content; related
        coverage; related: ; related | ; read more: ; read more about ; read more on ; read also: ; read also ; also read: ; also read ; also
        read| ; read next: ; read next; see also: ; see also ;  most viewed; most
        read ; most popular in ;  you may also like; you might also like; don't miss: ; don't miss ; recommended: ; watch: ; watch | ; watch
        more: ; listen: ; in pictures: ; explore more: ; trending: ; tags: ; tags : ; tag: ; topics: ; filed under: ; filed in: ; filed
        under ; posted in ; categories: ; category: ; keywords: ; next: ; previous: ; next article: ; previous article: ; editor's
        picks; must read: ; up next: ; 관련기사 ; 관련 기사 ; 관련기사: ; [관련기사]; [관련 기사]; ▶ 관련기사; <관련기사>; 태그 ; 태그: ; 많이 본 ; 가장 많이 본 ; 이 시각 ; [주요뉴스]; [인기기사]; [주요기사];
        [핫클릭]; [많이 본; ☞ ; ☞; 이 기사를 추천; 이 기사를 본 ; 関連記事：; 関連記事:; 【関連記事】; 【関連】; 【関連; あわせて読みたい; 【あわせて読みたい; ＞＞; 相关新闻：; 相关阅读：; 延伸阅读：; 推荐阅读：; 更多精彩;
        更多阅读：; 相关报道：; 上一篇：; 下一篇：; 上一篇:; 下一篇:; 标签：; 标签:; 关键词：; 关键字：; 【延伸閱讀; 延伸閱讀：; 延伸閱讀:; 更多新聞; 更多鏡; 看更多; ▶ 更多; lesen sie auch: ; lesen sie
        auch ; lesen sie mehr; lesen sie dazu ; mehr zum thema: ; mehr zum thema ; auch interessant: ; zum thema: ; schlagwörter: ; themen: ;
        passend zum ; lire aussi : ; lire aussi: ; lire aussi ; à lire aussi : ; à lire aussi; à lire également; lire également;
        voir aussi : ; voir aussi: ; à lire : ; sur le même sujet ; mots-clés : ; lea también: ; lea también ; lee también: ; lee también ; lea: ; lea
        además: ; lee: ; te puede interesar: ; te puede interesar ; le puede interesar: ; también puedes leer; puedes leer: ; más
        información: ; ver también: ; etiquetas: ; temas: ; más noticias ; leggi anche: ; leggi anche ; leggi anche - ; leggi anche > ; guarda anche: ; vedi
        anche: ; leia também: ; leia também ; leia mais: ; leia mais ; leia: ; veja também: ; veja também ; veja: ; saiba mais: ; читайте
        также: ; читайте также ; смотрите также: ; по теме: ; теги: ; подробнее: ; ранее: ; метки: ; اقرأ أيضا: ; اقرأ أيضا ; اقرأ أيضاً: ; اقرأ
        أيضاً ; اقرأ أيضًا: ; إقرأ أيضا: ; شاهد أيضا: ; الكلمات المفتاحية: ; وسوم: ; baca juga: ; lees ook: ; czytaj też: """)),
    *((start, Label.COMMENT, 24) for start in _phrases(
        """leave a comment; leave a reply; post a comment; your email address will not be published; required fields are
        marked; save my name; log in to ; sign in to comment; sign in to join; you must be logged in; you must log in to; be
        the first to comment; comments (; comments ( ; comments are moderated; comments on this ; have your say; this site uses akismet; notify me of ; show
        comments; view all # comments; view comments; 댓글을 ; 댓글 작성; 댓글(; 댓글 (; 로그인 후 ; 로그인 하시면; コメント(; コメント（; コメントを; コメントするには; 评论(; 评论（; 请登录后; 登录后; 网友评论; 文明上网;
        ihre e-mail-adresse wird nicht; kommentare (; kommentare zu ;  um kommentieren zu ; pour commenter; votre
        adresse e-mail ne sera ; connectez-vous pour; laissez un commentaire; tu dirección de correo electrónico no ; inicia
        sesión para;  para comentar; il tuo indirizzo email non ; devi essere connesso; accedi per commentare; o seu
        endereço de e-mail não ; o seu endereço de email não ; faça login para; seja o primeiro a comentar; os comentários são ; ваш адрес email не ; ваш e-mail не ; чтобы оставить комментарий; авторизуйтесь; لن يتم نشر عنوان بريدك""")),
    *((start, Label.CONTACT, 40) for start in _phrases(
        """please direct questions;  direct questions ; send questions ; send your ; send us your ; send tips
        ; send an email to ; email us at ; contact us at ; contact us: ; to contact the reporter; to contact the author; to
        contact the editor; to contact the writer; contact the reporter; contact the author; contact the writer; for more
        information, contact; for further information, contact; for media inquiries; for press inquiries; have a tip; have a story; have
        a news tip; got a story; got a tip; got a news tip; do you have a story; do you know more; do you have information; if
        you have a story; reach the reporter; reach the author;  email the author; tel: ; phone: ; tel. ; 제보는 ; 제보: ; 제보 : ; ■ 제보; ▷ 제보; ▶ 제보; ※ 제보; [제보; 카카오톡 : ; 전화 : ; 이메일 : ;
        ▷ 카카오톡; ▷ 전화; ▷ 이메일; ▶ 카카오톡; ▶ 전화; ▶ 이메일; ・お問い合わせ; お問い合わせ先; お問い合わせ：; 联系电话; 联系邮箱; 联系我们; 投稿邮箱; 新闻热线; 举报电话; kontakt: ; kontakt zur
        redaktion; haben sie hinweise; fragen und anregungen; nous contacter ; contacter l'auteur; contacter la rédaction; écrivez à ; escríbanos a; contacto: ; escribe a ; contatti: ; scrivi a ;
        scrivici a ; entre em contato; envie sua ; связаться с ; пишите нам; للتواصل: ; للتواصل مع""")),
    *((start, Label.MENU, 40) for start in _phrases(
        """follow us ; follow @;  join us on ; join our ; download our app; download the app; get our app; get the
        app; get our newsletter; get the newsletter; get our free ; get the latest news ; get the latest headlines; sign up for ; sign up
        to ; subscribe to ; subscribe for ; subscribe and ; subscribe now ; become a subscriber; enjoy unlimited ;  support our journalism; our newsletter;  this article is for subscribers; this article is for
        members; already a subscriber; already have an account;  stay up to date ; stay informed ; like us on ;  watch us on ; add us ; 구독하고 ; 구독과 좋아요; 뉴스레터를 구독; 뉴스레터 구독; 앱 다운로드; 앱으로 ; 네이버 채널; 유튜브 채널; ▶ 네이버; ▶ 유튜브; ▶ 카카오; 公式line; 友だち追加; メルマガ; 無料会員登録; 下载客户端; 关注我们; 关注官方; 欢迎关注; 更多资讯;
        更多内容请; 欢迎下载; 点击关注; 更多精彩内容; 長按; 追蹤我們; 加入我們; 下載app; folgen sie uns; abonnieren sie; jetzt newsletter; newsletter abonnieren; hier geht es zum newsletter;  
        suivez-nous; suivez nous; abonnez-vous; inscrivez-vous;  téléchargez ;  síguenos en; sigue a ; suscríbete a ;
        suscríbase ;  regístrate ; descarga la app; únete a ; seguici su; seguici sui;  iscriviti a; iscriviti al; abbonati a;  scarica l'app; siga o ; siga-nos; siga a ; inscreva-se ;
        assine a ; assine o ;  baixe o ; clique aqui ; participe do ; entre no canal; подписывайтесь ; подпишись ; подпишитесь ; читайте нас ; присоединяйтесь ; скачайте ; تابعونا ; تابعنا على; اشترك في ; انضم إلى ; حمل التطبيق""")),
    *((start, Label.COPYRIGHT, 60) for start in _phrases(
        """copyright #; copyright ©; copyright (c; copyright ⓒ; copyright by ; copyrights ⓒ; <저작권자; ©; ⓒ; (c) ; all rights reserved; 저작권자;  <ⓒ; [ⓒ; <copyright; ⓒ; 〈저작권; 【ⓒ; 本文版权; 版权声明; 版权归; 版權所有; 著作権; 無断転載; 无断转载; 未经授权; 未经许可;  免责声明; tous droits; alle rechte; todos los
        derechos; tutti i diritti; todos os direitos; все права; при использовании материалов; перепечатка; جميع الحقوق; حقوق النشر; this material may not be; the content may not be; no part of this """)),
    *((start, Label.CREDIT, 40) for start in _phrases(
        """with inputs from; with input from; (with inputs; (with input; with additional reporting; with reporting; with
        files from; (with files; with contributions; with agency inputs; with agencies; (with agencies; (with reporting; (with additional; additional reporting; (additional
        reporting; reporting by ; (reporting by ; editing by ; (editing by ; edited by ; edited for ; writing by ; compiled by ; translated
        by ; this story was ; this article was ; this story has been ; this article has been ; this article originally ; this
        story originally; this report was ; a version of this ; originally published ; first published ; (this story ; correction: ; editor's note: ; (this article ; — with ;  출처: ; 출처 : ; 출처=; [출처; 출처｜; 자료: ; 자료 : ;
        자료=; 자료제공; 번역: ;  편집: ;  교열 ; 정리= ;  ※ 이 기사; ※ 본 ; 来源：; 来源:; 来源 ; 稿源：; 稿源:; 文章来源; 本文来源; 资料来源; 原标题; 责任编辑; 责编; 编辑：; 编辑:; 编辑 ; (责任编辑; （责任编辑; (编辑; （编辑; 【责任编辑;
        【编辑; 校对; 审核：; 监制; 翻译：; 來源：; 來源:; 責任編輯; 編輯：; 核稿編輯; 出典：; 出典:; 提供：; 提供:; 編集：; 翻訳：; 翻訳:; ＝＝; quelle: ; quelle : ; quellen: ; mit material von; mit agenturmaterial; mit informationen von; redaktion: ; source : ; sources : ;
        source: ; sources: ; avec afp; (avec afp; (avec ; avec agences; (avec agences;  fuente: ; fuentes: ; con información de; (con información; con datos de; edición: ;
        redacción: ; fonte: ; fonti: ; com informações; (com informações; com agências; (com agências; edição: ;  источник: ; источники: ; по материалам ; редактор: ; المصدر: ; المصدر : ; تحرير: ; المصادر: """)),
)

PARTS: tuple[tuple[str, Label], ...] = (
    *((part, Label.COPYRIGHT) for part in _phrases(
        """all rights reserved; 무단 전재; 무단전재; 재배포 금지; 재배포금지; 전재 및 재배포; 저작권자; 無断転載; 転載を禁; 無断複製; 版权所有; 版權所有; 翻印必究; 未经授权不得转载; 禁止转载; 请勿转载; 不得转载;
        tous droits réservés; reproduction interdite; alle rechte vorbehalten; todos los derechos reservados; prohibida su reproducción; tutti i
        diritti riservati; riproduzione riservata; todos os direitos reservados; proibida a reprodução; все права защищены; جميع الحقوق محفوظة;
        reproduction without; may not be published, broadcast; may not be reproduced; material may not be""")),
    *((part, Label.SHARE) for part in _phrases(
        "share button; opens in new window; (opens in a new; 공유 버튼; 로 공유하기; 이동하는 버튼; button that ; 버튼으로 이동; 버튼)")),
    *((part, Label.CREDIT) for part in _phrases(
        """contributed to this report; contributed to this story; contributed to this article; contributed reporting; contributed
        to the reporting; beigetragen; a contribué à cet article; contribuyó a ; colaborou; ha contribuito a ; 도움말; 기사제공; 기사 제공""")),
    *((part, Label.COMMENT) for part in _phrases(
        "will not be published. required; required fields are marked; 댓글 삭제; 비방 댓글; 욕설 및 비방; 不代表本; 不代表本站; 个人观点，不代表; 仅供参考")),
)
