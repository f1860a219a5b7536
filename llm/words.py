"""Words that carry little meaning of their own in a request, in English and Chinese."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _words("""
    a an the and or but nor so of in on at by for from to with without into onto about as than then
    is are was were be been being am do does did done doing has have had having can could will would
    shall should may might must i im id ive me my mine we us our you your he him his she her hers it
    its they them their this that these those there here who whom whose which what when where why
    how not no none never neither either both all any some each every other others another more
    most much many few less least very too also just only even still again once if because while
    during before after above below over under up down out off through between against like unlike
    please yes ok okay hi hello thanks thank dont doesnt didnt isnt arent cant wont lets
    """)

REQUEST_WORDS = _words("""
    want wants wanted need needs show find give get recommend recommendation recommendations suggest
    suggestion suggestions look looking see seen watch watching watched read listen buy shop search
    something anything nothing everything someone thing things stuff kind kinds sort type types
    style styled similar set movie movies film films flick flicks item items product products good
    great best better nice new old top favorite favourite popular really feel feeling mood tonight
    today tomorrow weekend night evening time make makes made let know think love loved enjoy
    enjoyed hate hated tell except excluding avoid starring directed director featuring released
    release years year
    """)

ORDINARY_WORDS = (
    FUNCTION_WORDS
    | REQUEST_WORDS
    | _words("""
        able account across act action actor address age ago air alien
        alive alone always american angel
        animal anna answer apart apartment apple arm army around arrival art ask asleep away baby
        back bad bag ball bank bar base beach bear beat beautiful beauty become bed begin beginning
        behind believe beyond big bird birth birthday bit bite black blood blow blue board boat body
        bomb bone book born boss bottle bound box boy boys brain bread break breakfast breath bridge
        brief bright bring broken brother brothers brown build building burn bus business butterfly
        cake call camera camp candy captain car card care carry case cash casino castle cat catch
        cause center chair chance change charge chase cheap check chef child children chocolate
        choice choose christmas church circle circus city class clean clear climb clock close
        closer clothes cloud clue coach coast coat code coffee cold college color come comfort
        coming common company contact control cook cool copy corner country couple courage course
        court cousin cover crash crazy crew crime cross crowd cry cube cure curious cut cute dad
        daddy dance dancer danger dangerous dark darkness date daughter dawn day days dead deal
        dear death deep defense desert desire destiny detective devil diamond die dinner dirty
        disaster distance doctor dog dogs doll dolphin door double doubt draft dragon drama dream
        dreams dress drink drive driver drop drum dry dust eagle ear early earth east easy eat edge
        egg eight election elephant elevator emergency empire empty end enemy engine enough escape
        event ever evidence evil exam exit experience explain express eye eyes face fact faith fall
        fallen fame family famous fan far farm fast fat fate father fear fever field fight fighter
        final fine finger fire first fish five flag flame flash flat flesh flight float flower fly
        focus follow food fool foot force forest forever forget forgive form four fox free freedom
        fresh friday friend friends full fun funny fury future gallery game games garden gas
        gate gentle ghost giant gift girl girls glass glory glow go goal god gold golden gone grace
        grand grass gravity gray green grey ground group grow guard guess guest guide guilty gun
        guy guys hair half hall hand hands hang happen happiness happy hard head health hear heart
        heat heaven heavy heist hell help hero heroes hidden hide high hill history hit hold hole
        holiday holidays home honest honey honor hook hope horse hospital host hot hotel hour hours
        house human hunger hungry hunt hunter hurt husband ice idea identity inside interview iron
        island jacket jail job join joker journey joy judge jump jungle jury justice keep key kick
        kid kids kill killer killing king kiss kitchen knife knock lady lake land language large
        last late laugh law lawyer lay lead leader leaf league learn leave left leg legend lemon
        lesson letter letters liar liberty lie lies life lift light lightning limit line lion list
        listen little live lives living local lock lonely long lord lose loser loss lost lot loud
        low luck lucky lunch machine mad magic mail main major man manager map march mark marriage
        married mars mask master match matter meal mean medicine meet meeting memory men mercy mess
        message metal middle midnight mile milk million mind minute miracle mirror miss missing
        mission mistake model modern mom moment money monkey monster month moon morning mother
        mountain mouse mouth move mr mrs murder music mystery naked name nature near neck neighbor
        nervous network news next nine nobody noise normal north nose note notebook novel now number
        nurse ocean odd office officer oil one open opera order orange original outside own page
        pain paint painting pair panic paper paradise parents park part partner party pass passion
        past path patient pay peace pen people perfect person phone photo piano pick picture piece
        pig pilot pink place plain plan plane planet plant play player poem poison police pool poor
        post power present president pretty price pride priest prime prince princess prison private
        problem process professional promise proof public pure push queen question quick quiet quiz
        race rain ran random rat ray ready real reality reason rebel red remember rent rescue
        respect rest return revenge rice rich ride right ring rise risk river road rock rocket role
        romance roof room root rope rose rough round royal rule run runner running sad safe safety
        sail salt same sand save scared scary school science score scream sea season seat second
        secret secrets seed self sell send sense serious serpent service seven shadow shame shape
        share shark sharp she shelter shine ship shirt shock shoe shoot shopping short shot shoulder
        shout sick side sight sign signal signs silence silent silver simple sin sing singer single
        sister sisters sit six size skin sky sleep sleeper slow small smart smell smile smoke snow
        soldier solo son song soon soul sound south space speak special speech speed spell spend
        spirit split sport spring spy stage stand star stars start state station stay steal steel
        step stick stone stop store storm story straight strange stranger street strength stress
        strong student study success sudden sugar suit summer sun sunday sunrise sunset sunshine
        super sure surface surprise survive sweet swim swimming switch sword system table take
        taken tale talk tall tank taste taxi tea teach teacher team tears teeth ten tender test
        thief third thirteen thirst three throw thunder ticket tiger tight tiny tired titanic
        together tonight tool tooth touch tough tour tower town toy toys track trade traffic train
        training trap travel treasure treat tree trial trick trip trouble truck true trust truth
        try turn twelve twenty twin twins two ugly uncle understand undercover union
        unknown upgrade usual vacation valley value victory video view village violence violin
        visit visitor voice wait waiting wake walk wall wanderer wanted war warm warrior
        wash waste water wave waves way weak wealth weapon wear weather wedding week weight welcome
        west wet wheel whisper white wife wild wilderness win wind window wine wing wings winner
        winter wire wise wish witch witness wolf woman women wonder wonderful wood word words work
        worker world worry worst wound wreck write writer wrong yard yellow yesterday young youth
        zero zone zoo
        """)
)

CHINESE_FILLERS = (
    "有没有", "能不能", "可不可以", "什么", "怎么", "推荐", "一些", "几部", "一部", "几个", "一个",
    "几本", "一本", "几首", "一首", "一下", "那种", "这种", "那样", "这样", "一样", "类型", "风格",
    "电影", "影片", "片子", "商品", "产品", "我们", "你们", "他们", "帮我", "给我", "想要", "想看",
    "想听", "想买", "喜欢", "好看", "请问", "可以", "适合", "关于",
    "类似", "不要", "不想", "不是", "没有", "除了", "还有", "或者", "以及", "但是",
    "不过", "今晚", "今天", "周末", "比较", "非常", "特别", "最好", "里面", "时候",
    "的", "了", "吗", "呢", "吧", "啊", "呀", "我", "你", "他", "她", "它", "是", "和", "与", "或",
    "跟", "就", "都", "也", "很", "来", "点", "些", "个", "部", "片", "这", "那", "把", "给", "像",
)  # fmt: skip
"""Particles and the phrases around a request; what is left between them carries the meaning."""

OPPOSITE_CHARACTERS = frozenset(
    map(
        frozenset,
        _words("""
        上下 男女 黑白 大小 长短 高低 新旧 冷热 寒暑 冬夏 春秋 左右 里外 内外 开关 进出 早晚
        快慢 软硬 薄厚 轻重 买卖 来去 前后 多少 好坏 远近 深浅 胖瘦 粗细 干湿 明暗 老少 生死
        爱恨 有无 加减 升降 收发 借还 单双 公母 东西 南北 儿女 父母 兄弟 姐妹 动静 甜咸
        退订 冷暖 日夜
        """),
    )
)
"""Characters by which two words say the opposite; vectors of such words lie near each other."""
