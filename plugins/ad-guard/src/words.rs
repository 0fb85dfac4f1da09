//! The words of contact solicitation: data only.
//!
//! Written as people write them; [`Lexicon`](crate::lexicon::Lexicon) folds them, so that they look as the host's folded
//! text does (folding turns part of the Cyrillic letters into Latin ones). `|` stands between entries, a blank for any
//! whitespace, and a `*` at the end lets the word go on (Russian endings).

use crate::lexicon::Channel::{Address, Code, Phone, Private, Profile, Qq, Telegram, Wechat, Whatsapp};
use crate::lexicon::Word::{
    self, Alike, Ask, Beckon, Channel, Filler, Hint, Invite, Lead, Negation, Offer, Question, Topic,
};

/// Every entry and what it does.
pub(crate) const WORDS: &[(Word, &str)] = &[
    // Verbs that ask for contact when a channel or an account follows.
    (
        Ask,
        "加|添加|互加|扫|扫码|扫码加|找我|来找我|滴我|滴滴|联系|联络|咨询|私聊|私信|私|留个|留下|详询|详聊|请加|了解加|致电|拨打|欢迎加|可加",
    ),
    (
        Ask,
        "contact|write|write to|message|text|reach|reach out|dm|pm|ping|chat|talk|connect|find|hit|inquire|ask|add me|call",
    ),
    (Ask, "пиш*|напиш*|отпиш*|отпис*|писать|стучи*|обращ*|жду|ждем|свяж*|добавля*|звони*|найди*"),
    (Ask, "sign up|signup|register|join|click|tap|apply|visit"),
    // What is to be had where the channel is.
    (Offer, "подробн*|детал*|услови*|вопрос*|инф*|за подробн*|details|more info|for info|详情"),
    // Homophones and symbols for 加: too common to count by themselves.
    (Alike, "佳|嘉|家|珈|迦|茄|咖|伽|+|jia"),
    // Asks that need no channel, but are everyday speech too.
    (
        Beckon,
        "私我|私聊我|私信我|私戳|戳我|滴滴我|dd我|小窗|小窗我|加我|加我好友|联系我|联系我们|咨询我|扫我|扫一扫\
         |加好友|加个好友|加一下我|留联系方式|留下联系方式|找我拿|找我领|联系本人|直接私",
    ),
    (
        Beckon,
        "text me|message me|contact me|contact us|call me|write me|write to me|reach me|ping me|hit me up|reach out to me",
    ),
    (
        Beckon,
        "напиши мне|напишите мне|пиши мне|пишите мне|пишите +|пиши +|отправьте мне +|отправь мне +|ставь +|ставьте +|жду сообщени*",
    ),
    // Asks that say it all.
    (
        Invite(Private),
        "dm me|pm me|dm for|pm for|inbox me|dm us|slide into my dm*|message me privately|text me privately|send me a dm",
    ),
    (Invite(Private), "пиш* в лс|пиш* в личк*|+ в лс|+ в личк*|детали в лс|жду в лс|жду в личк*|пиш* в пм"),
    (
        Invite(Profile),
        "link in bio|link in my bio|link in my profile|ссылк* в профил*|ссылк* в шапк*|в описании профил*",
    ),
    (Invite(Whatsapp), "whatsapp me|whatsapp us"),
    (Invite(Telegram), "telegram me"),
    (
        Invite(Code),
        "扫码进群|扫码入群|扫码领取|扫码添加|扫码咨询|扫二维码加|识别二维码加|长按二维码|扫描下方二维码|扫下方二维码",
    ),
    (Invite(Profile), "看我主页|看主页加|点我头像|点头像加|看头像加|头像加|主页有联系方式|简介有联系方式"),
    // Channels that are named plainly.
    (Channel(Wechat), "微信|v信|薇信|威信|维信|徽信|溦信|薇芯|薇心|微x|v芯|v鑫|威芯|vx|wx|wechat|weixin|微信号|wxid"),
    (Channel(Qq), "qq|扣扣|抠抠|球球|qq号|蔻蔻|企鹅号|扣扣号"),
    (Channel(Telegram), "telegram*|телеграм*|телег*|纸飞机|电报号"),
    (Channel(Whatsapp), "whatsapp|whats app|ватсап*|вацап*|wapp"),
    (
        Channel(Private),
        "в лс|в личк*|в личные|в личных|в личные сообщени*|в личных сообщени*|в пм|в директ|privately|in private|in dm|my dm|inbox",
    ),
    (Channel(Code), "二维码|下方二维码"),
    (Channel(Address), "link below|links below|this link|following link|下方链接|下面链接|ссылк* ниже"),
    // Channels whose names mean other things too: they need a verb beside them, or an account that is plainly one.
    (Hint(Wechat), "v|微|薇|威|卫星|维|绿泡泡|绿色软件|微芯|vv|wei|wechat id|微信群|v群|微信好友"),
    (Hint(Qq), "q|企鹅|扣|抠|群号|qq群|q群|扣群"),
    (Hint(Phone), "电话|手机|手机号|电话号码|手机号码|热线|联系方式|tel|phone|mobile|телефон*|тел"),
    (Hint(Telegram), "tg|тг|电报|飞机|телегу"),
    (Hint(Whatsapp), "wa"),
    // What may stand between a verb, a channel and an account.
    (
        Filler,
        "我|我们|俺|咱|偶|吾|本人|你|您|的|下|一下|个|一个|老师|客服|助理|助教|班主任|本店|老板|店主|群主|管理员|私人|工作|以下|下方|下面|这个|此|上面|上方\
         |专属|顾问|经理|小编|官方|团队|请|直接|号|号码|是|为|同号|都|姐|哥|小姐姐|美女|帅哥|详谈|老|主播|账号|帐号|学姐|学长|负责人",
    ),
    (
        Filler,
        "me|us|him|her|them|my|our|his|the|to|on|via|by|at|through|in|with|out|up|now|directly|admin|manager|is|id|number|no|here|us on|support",
    ),
    (
        Filler,
        "мне|нам|меня|вас|всех|админ*|менеджер*|сразу|скорее|в|на|по|поиск|поиске|в поиск|в поиске|мой|наш|наш магазин|сюда|номер*|или|и|аккаунт|\
         сообщени*|канал|бот*",
    ),
    // Who is asked: makes plain advertising of a beckoning.
    (
        Lead,
        "需要的|有需要|需要请|有意|有意者|有意向|感兴趣|有兴趣|想要的|要的|想做|想做的|想赚|想赚钱|想了解|想学|名额|合作|价格|代理|出售|转让|招|低价|优惠\
         |免费|收购|接单|诚招|急招|回收|货源|批发|一手|日结|福利|兼职|赚钱|宝妈",
    ),
    (Lead, "interested|if you need|earn|invest|profit|promo|discount|bonus|giveaway|selling"),
    (
        Lead,
        "интересн*|заинтерес*|нужн*|желающ*|заработ*|доход*|набор*|набира*|ищу|ищем|кому|работа|обуч*|сотруднич*|партнер*|заказ*|\
         крипт*|скидк*|бесплатн*",
    ),
    // Asking about it, or telling others not to.
    (Question, "怎么|如何|怎样|咋|为什么|能不能|可不可以|是否|要不要|谁|吗|嘛|么|呢|how|why|how to|как|зачем|почему"),
    (
        Negation,
        "不要|别|请勿|勿|禁止|严禁|不能|不准|不得|不许|拒绝|不用|没有|没|不|谨慎|防止|小心|警惕|不可|莫|谁让|骗你|让你",
    ),
    (Negation, "don't|dont|do not|never|didn't|не|нельзя|никогда"),
    // Words that begin like one of the above and mean something else.
    (
        Topic,
        "微信支付|微信付款|微信转账|微信红包|微信读书|微信运动|微信步数|微信朋友圈|微信公众号|微信小程序|微信名|微信头像|微信聊天|微信收款|微信版|企业微信",
    ),
    (
        Topic,
        "qq音乐|qq邮箱|qq空间|qq飞车|qq浏览器|qq农场|qq宠物|q版|q弹|q币|v领|v字|v型|手机壳|手机卡|手机店|打电话|电话费|电话铃|接电话|飞机票|坐飞机|飞机上",
    ),
    (
        Topic,
        "滴滴打车|滴滴司机|滴滴出行|滴滴师傅|开滴滴|坐滴滴|打滴滴|联系上下文|联系起来|直接联系起来|联系人|联系不上|联系到|私信都|私信息|怎么办|留言|找到|找人",
    ),
    (
        Topic,
        "怎么样|不管|不过|不错|没事|没错|别人|别的|特别|区别|个别|差别|分别|级别|性别|告别|别墅|什么|那么|这么|多么|不仅|不但|要不|不同|不断",
    ),
    (
        Topic,
        "大家|国家|人家|专家|作家|回家|在家|搬家|买家|卖家|商家|厂家|玩家|独家|老家|全家|自家|我家|你家|他家|她家|咱家|谁家|哪家|这家|那家|几家|两家|一家|咖啡",
    ),
    (
        Topic,
        "增加|参加|更加|附加|追加|倍加|越加|最佳|绝佳|更佳|电报机|发电报|卫星云图|卫星图|卫星电视|人造卫星|扫地|扫黑|扫墓|扫雷|扫描|扣除|扣款|扣分|扣钱|扣税|折扣",
    ),
    (
        Topic,
        "私有|私下|私企|私立|私家|私密|私生|自私|走私|无私|隐私|公私|留学|留在|留守|保留|停留|权威|威胁|威力|威武|维护|维修|维持|维权|思维|纤维|恩威",
    ),
];

/// Everyday words that begin with one of the characters above: the first character, and each that may follow it.
pub(crate) const COMPOUNDS: &[(char, &str)] = &[
    (
        '加',
        "油班盟工强快速入上大深重剧减分热载息薪价倍拿州湿厚宽长起到了过以之紧密冰糖辣醋盐水菜饭钱购课时拍粗仓持法权",
    ),
    ('家', "长里人庭乡具电教常务用政园装族居伙暴校境属门"),
    ('佳', "人作节绩句音丽能"),
    ('嘉', "宾年奖兴定许禾陵"),
    ('微', "量波调辣微小笑博软商课店粒观机型妙弱分风生电积晶糖冰苦甜醺创整缩雕胖山凉热火视众表服控乎"),
    ('维', "他生吾也和基度稳"),
    ('威', "尼海廉士严名慑猛"),
    ('扣', "子上下篮押留发"),
    ('茄', "子汁"),
];
