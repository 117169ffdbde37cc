"""The commonest function words of the languages news is mostly written in: enough of them tell a language at once."""

from __future__ import annotations

from bot.text.word_sets import word_set

FUNCTION_WORDS = {
    "en": word_set(
        """the of and to in is was were that with for his her he she it as on at by from has have had are be been this
        which they their not but an said will would who its after about when than into could out up over what more
        there also how why did does where can new"""
    ),
    "de": word_set(
        """der die das den dem des ein eine einen einer eines einem und ist sind war waren nicht mit von für auf im zu
        sich auch als bei nach aus wird wurde werden hat haben er sie es dass oder wie um über am noch nur zum zur
        vom durch"""
    ),
    "fr": word_set(
        """le la les des du un une et est sont était dans pour par sur avec qui que au aux ce cette ces il elle ils
        elles ne pas plus ont été leur ses son sa se en mais ou comme selon après entre"""
    ),
    "es": word_set(
        """el la los las del un una y es son era en por para con que se su sus al lo como más pero fue han ha sido este
        esta entre según sobre también desde hasta cuando muy no le les"""
    ),
    "it": word_set(
        """il lo la gli le un una e è sono era di del della dei delle nel nella per con che si al alla da dal dalla non
        più anche come ma ha hanno stato stata suo sua questo questa tra dopo"""
    ),
    "pt": word_set(
        """o a os as um uma e é são foi do da dos das no na nos nas em por para com que se ao à não mais como mas seu
        sua também entre sobre até quando pelo pela foram ser"""
    ),
    "nl": word_set(
        """de het een en van is zijn was waren in op te dat die met voor niet aan er om ook als bij naar door uit over
        wordt werd worden heeft hebben hij zij ze maar nog dan tot hun"""
    ),
    "pl": word_set("i w na z do się nie jest są że to od przez dla po jak za o był była było oraz ale jego tym który"),
    "tr": word_set("ve bir bu için ile olarak da de çok daha olan en gibi kadar sonra ancak ise değil olduğu var"),
    "ro": word_set("și în a de la cu pe din care un o este sunt nu că au fost mai pentru al ale lui prin"),
    "vi": word_set("và của là các có được trong cho với một những không này người đã từ khi năm để về ở"),
    "ru": word_set(
        """и в не на что с по как из к о за от для это у но он она они был была было были его же до или так при также
        который которые после"""
    ),
    "uk": word_set(
        "і в не на що з та до як за від для це у але він вона вони був була було його же або так при також який"
    ),
    "bg": word_set("и в не на че с по като от за да се са е ще но той тя те беше или при който които след това"),
    "hi": word_set("है हैं का की के में को से और ने पर था थे थी यह भी कि एक नहीं लिए इस हो गया तो वह"),
    "mr": word_set("आहे आहेत आणि च्या हे ही हा या ते मध्ये व की होते होता होती नाही तर एक साठी"),
    "ar": word_set("في من على إلى أن التي الذي هذا هذه مع عن كان كانت بعد بين قال لم لا ما أو كما قد وقد خلال"),
    "fa": word_set("در به از که این را با است برای آن یک شد بود هم تا می شده خود بر او کرد ها"),
    "ur": word_set("کے میں کی ہے کا اور سے کو نے پر ہیں یہ کہ اس ایک بھی تھا تھے تھی نہیں"),
}
