"""Names that many catalogs share, in English and Chinese, with what else people call them.

Each line reads ``name = Chinese name; alias; alias``. Ids follow from label and name, so a
catalog's own spelling finds its line.
"""

from graph.rules import KnownName, entity_id

_GENRES = """
Action = 动作片; 动作; action movies; action films
Adventure = 冒险片; 冒险; adventures
Animation = 动画片; 动画; 动漫; animated; cartoon; cartoons; anime
Biography = 传记片; 传记; biopic; biographical
Comedy = 喜剧片; 喜剧; 搞笑; comedies; funny
Crime = 犯罪片; 犯罪; gangster
Documentary = 纪录片; 纪录; documentaries
Drama = 剧情片; 剧情; dramas
Family = 家庭片; 家庭; 儿童; 儿童片; 亲子; 合家欢; children's; children; kids; for kids
Children's = 儿童片; 儿童; 亲子; children; kids; for kids
Fantasy = 奇幻片; 奇幻; 魔幻
Film-Noir = 黑色电影; noir; film noir
History = 历史片; 历史; historical
Horror = 恐怖片; 恐怖; 惊悚恐怖; scary; horror movies
Music = 音乐片; 音乐
Musical = 歌舞片; 歌舞; 音乐剧; musicals
Mystery = 悬疑片; 悬疑; 推理; mysteries; whodunit
Romance = 爱情片; 爱情; 浪漫; romantic; love story; romances
Sci-Fi = 科幻片; 科幻; science fiction; scifi; sf
Sport = 体育片; 体育; 运动; sports
Thriller = 惊悚片; 惊悚; thrillers; suspense
War = 战争片; 战争; war movies
Western = 西部片; 西部; westerns; cowboy
"""

_COUNTRIES = """
United States = 美国; USA; US; America; American
United Kingdom = 英国; UK; Britain; Great Britain; British
France = 法国; French films
Germany = 德国
West Germany = 西德; 联邦德国
Canada = 加拿大; Canadian
Italy = 意大利
Australia = 澳大利亚; 澳洲; Australian
Japan = 日本
Spain = 西班牙
India = 印度; Indian; Bollywood; 宝莱坞
Belgium = 比利时; Belgian
Mexico = 墨西哥; Mexican
Hong Kong = 香港; 中国香港; HK
British Hong Kong = 英属香港
Sweden = 瑞典
People's Republic of China = 中国; 中国大陆; China; mainland China
China = 中国; 中国大陆; mainland China
Denmark = 丹麦
Ireland = 爱尔兰
Switzerland = 瑞士; Swiss
Netherlands = 荷兰; Holland; the Netherlands
South Korea = 韩国; Korea; 南韩
Israel = 以色列; Israeli
Austria = 奥地利; Austrian
Argentina = 阿根廷; Argentine; Argentinian
Russia = 俄罗斯; 俄国
Norway = 挪威
South Africa = 南非; South African
Brazil = 巴西; Brazilian
Poland = 波兰
New Zealand = 新西兰
Iran = 伊朗; Iranian
Czech Republic = 捷克; Czechia
Hungary = 匈牙利
Romania = 罗马尼亚
Portugal = 葡萄牙
Luxembourg = 卢森堡
Taiwan = 台湾; 中国台湾; Taiwanese
Thailand = 泰国
Finland = 芬兰
Soviet Union = 苏联; USSR; Soviet
Iceland = 冰岛
Chile = 智利; Chilean
Greece = 希腊
Turkey = 土耳其
Colombia = 哥伦比亚; Colombian
Philippines = 菲律宾; the Philippines
Egypt = 埃及; Egyptian
Peru = 秘鲁; Peruvian
Palestine = 巴勒斯坦; Palestinian
Czechoslovakia = 捷克斯洛伐克
Yugoslavia = 南斯拉夫
Morocco = 摩洛哥; Moroccan
Cuba = 古巴; Cuban
Bulgaria = 保加利亚
Serbia = 塞尔维亚
Indonesia = 印度尼西亚; 印尼
Georgia = 格鲁吉亚
Venezuela = 委内瑞拉
Vietnam = 越南
Kazakhstan = 哈萨克斯坦
Senegal = 塞内加尔
Tunisia = 突尼斯
Singapore = 新加坡
Ukraine = 乌克兰
Slovakia = 斯洛伐克
United Arab Emirates = 阿联酋; UAE
Lebanon = 黎巴嫩
Malaysia = 马来西亚
Croatia = 克罗地亚
"""

_LANGUAGES = """
English = 英语; 英文; in English
French = 法语; 法文; in French
Spanish = 西班牙语; in Spanish
German = 德语; 德文; in German
Italian = 意大利语; in Italian
Japanese = 日语; 日文; in Japanese
Hindi = 印地语
Russian = 俄语; in Russian
Arabic = 阿拉伯语
Hebrew = 希伯来语
Cantonese = 粤语; 广东话
Yue Chinese = 粤语; 广东话
Korean = 韩语; 朝鲜语; in Korean
Mandarin = 普通话; 国语; Mandarin Chinese
Standard Chinese = 普通话; 国语; 标准汉语
Putonghua = 普通话
Chinese = 中文; 汉语; 华语; in Chinese
Swedish = 瑞典语
Portuguese = 葡萄牙语
Persian = 波斯语; Farsi
Danish = 丹麦语
Dutch = 荷兰语
Polish = 波兰语
Norwegian = 挪威语
Thai = 泰语
Romanian = 罗马尼亚语
Hungarian = 匈牙利语
Czech = 捷克语
Turkish = 土耳其语
Icelandic = 冰岛语
Latin = 拉丁语
Finnish = 芬兰语
Vietnamese = 越南语
Serbian = 塞尔维亚语
Greek = 希腊语
Modern Greek = 现代希腊语
Catalan = 加泰罗尼亚语
Indonesian = 印尼语
Georgian = 格鲁吉亚语
Urdu = 乌尔都语
Tamil = 泰米尔语
Ukrainian = 乌克兰语
Yiddish = 意第绪语
Tibetan = 藏语
American Sign Language = 美国手语; sign language
"""

_SEASONS = """
spring = 春季; 春天
summer = 夏季; 夏天
autumn = 秋季; 秋天; fall
winter = 冬季; 冬天
"""

_COLORS = """
black = 黑色
white = 白色
red = 红色
blue = 蓝色
green = 绿色
yellow = 黄色
grey = 灰色; gray
brown = 棕色; 褐色
pink = 粉色; 粉红色
purple = 紫色
orange = 橙色
beige = 米色
navy = 藏青色; 深蓝色; navy blue
silver = 银色
gold = 金色
"""

_MATERIALS = """
leather = 皮革; 真皮
cotton = 棉; 纯棉; 棉质
wool = 羊毛
linen = 亚麻; 麻
silk = 丝绸; 真丝
canvas = 帆布
mesh = 网面; 网布
rubber = 橡胶
denim = 牛仔布
suede = 绒面革; 麂皮
down = 羽绒
straw = 草编
"""


def _known(label: str, lines: str) -> dict[str, KnownName]:
    """Read the lines of one label; see the module's text."""
    names = {}
    for line in lines.strip().splitlines():
        name, rest = line.split(" = ")
        chinese, *aliases = rest.split("; ")
        names[entity_id(label, name)] = KnownName({"zh": chinese}, tuple(aliases))
    return names


FILM_NAMES = {
    **_known("Genre", _GENRES),
    **_known("Country", _COUNTRIES),
    **_known("Language", _LANGUAGES),
}

SHOP_NAMES = {
    **_known("Season", _SEASONS),
    **_known("Color", _COLORS),
    **_known("Material", _MATERIALS),
    **_known("Country", _COUNTRIES),
    **_known("Language", _LANGUAGES),
}
