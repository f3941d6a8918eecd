"""Names that are no transliterations of each other: abbreviations, organisations, countries and cities in English,
Russian and Kazakh. A line has one thing, a column one language, and commas part what it is called there.

What is the same by its sound (`sound_keys`) need not stand here. Who changes it raises `ANALYSIS`.
"""

from __future__ import annotations

_THINGS = """
UN, United Nations | ООН, Организация Объединенных Наций | БҰҰ, Біріккен Ұлттар Ұйымы
SCO, Shanghai Cooperation Organization, Shanghai Cooperation Organisation | ШОС, Шанхайская организация сотрудничества | ШЫҰ, Шанхай ынтымақтастық ұйымы
EAEU, EEU, Eurasian Economic Union | ЕАЭС, Евразийский экономический союз | ЕАЭО, Еуразиялық экономикалық одақ
CIS, Commonwealth of Independent States | СНГ, Содружество Независимых Государств | ТМД, Тәуелсіз Мемлекеттер Достастығы
CSTO, Collective Security Treaty Organization, Collective Security Treaty Organisation | ОДКБ, Организация Договора о коллективной безопасности | ҰҚШҰ, Ұжымдық қауіпсіздік туралы шарт ұйымы
OTS, Organization of Turkic States | ОТГ, Организация тюркских государств | ТМҰ, Түркі мемлекеттері ұйымы
CICA | СВМДА | АӨСШК
NATO | НАТО | НАТО
EU, European Union | ЕС, Евросоюз, Европейский союз | ЕО, Еуроодақ, Еуропалық одақ
OSCE | ОБСЕ | ЕҚЫҰ
OPEC | ОПЕК | ОПЕК
BRICS | БРИКС | БРИКС
WHO, World Health Organization, World Health Organisation | ВОЗ, Всемирная организация здравоохранения | ДДСҰ, ДДҰ, Дүниежүзілік денсаулық сақтау ұйымы
WTO, World Trade Organization, World Trade Organisation | ВТО, Всемирная торговая организация | ДСҰ, Дүниежүзілік сауда ұйымы
IMF, International Monetary Fund | МВФ, Международный валютный фонд | ХВҚ, Халықаралық валюта қоры
World Bank | Всемирный банк | Дүниежүзілік банк
ADB, Asian Development Bank | АБР, Азиатский банк развития | АДБ, Азия даму банкі
EBRD | ЕБРР, Европейский банк реконструкции и развития | ЕҚДБ, Еуропа қайта құру және даму банкі
EDB, Eurasian Development Bank | ЕАБР, Евразийский банк развития | ЕАДБ, Еуразия даму банкі
UNESCO | ЮНЕСКО | ЮНЕСКО
UNICEF | ЮНИСЕФ | ЮНИСЕФ
IAEA | МАГАТЭ | МАГАТЭ
IOC, International Olympic Committee | МОК, Международный олимпийский комитет | ХОК, Халықаралық олимпиада комитеті
FIFA | ФИФА | ФИФА
UEFA | УЕФА | УЕФА
GDP, gross domestic product | ВВП, валовой внутренний продукт | ЖІӨ, жалпы ішкі өнім
VAT, value added tax | НДС, налог на добавленную стоимость | ҚҚС, қосылған құн салығы
AI, artificial intelligence | ИИ, искусственный интеллект | ЖИ, жасанды интеллект
NPP, nuclear power plant | АЭС, атомная электростанция | АЭС, атом электр станциясы
US, USA, United States | США, Соединенные Штаты | АҚШ, Америка Құрама Штаттары
UK, Britain, United Kingdom | Великобритания, Британия, Соединенное Королевство | Ұлыбритания, Британия
UAE, United Arab Emirates | ОАЭ, Объединенные Арабские Эмираты | БАӘ, Біріккен Араб Әмірліктері
USSR, Soviet Union | СССР, Советский Союз | КСРО, Кеңес Одағы
Kazakhstan | Казахстан, РК | Қазақстан, ҚР
Kazakh, Kazakhs | казах, казахский | қазақ
Russia | Россия, РФ | Ресей, РФ
China | Китай, КНР | Қытай, ҚХР
North Korea, DPRK | Северная Корея, КНДР | Солтүстік Корея, КХДР
South Korea | Южная Корея | Оңтүстік Корея
Uzbekistan | Узбекистан | Өзбекстан
Kyrgyzstan | Киргизия, Кыргызстан | Қырғызстан
Tajikistan | Таджикистан | Тәжікстан
Turkmenistan | Туркмения, Туркменистан | Түрікменстан
Afghanistan | Афганистан | Ауғанстан
India | Индия | Үндістан
Japan | Япония | Жапония
Turkey, Türkiye | Турция | Түркия
Azerbaijan | Азербайджан | Әзербайжан
Georgia | Грузия | Грузия
Germany | Германия | Германия
France | Франция | Франция
Italy | Италия | Италия
Spain | Испания | Испания
Poland | Польша | Польша
Hungary | Венгрия | Мажарстан, Венгрия
Greece | Греция | Грекия
Switzerland | Швейцария | Швейцария
Sweden | Швеция | Швеция
Norway | Норвегия | Норвегия
Finland | Финляндия | Финляндия
Denmark | Дания | Дания
Netherlands | Нидерланды | Нидерланд
Belgium | Бельгия | Бельгия
Czech | Чехия | Чехия
Croatia | Хорватия | Хорватия
Lithuania | Литва | Литва
England | Англия | Англия
Scotland | Шотландия | Шотландия
Ireland | Ирландия | Ирландия
Cyprus | Кипр | Кипр
Egypt | Египет | Мысыр
Lebanon | Ливан | Ливан
Jordan | Иордания | Иордания
Ethiopia | Эфиопия | Эфиопия
South Africa | ЮАР | ОАР
Australia | Австралия | Австралия
Europe | Европа | Еуропа
Central Asia | Центральная Азия, Средняя Азия | Орталық Азия
Caspian | Каспий, Каспийское | Каспий
Moscow | Москва | Мәскеу
Beijing | Пекин | Бейжің, Пекин
Kyiv, Kiev | Киев | Киев
Geneva | Женева | Женева
Vienna | Вена | Вена
Paris | Париж | Париж
Rome | Рим | Рим
Prague | Прага | Прага
Warsaw | Варшава | Варшава
Athens | Афины | Афина
Brussels | Брюссель | Брюссель
Cairo | Каир | Каир
Jerusalem | Иерусалим | Иерусалим
Hong Kong | Гонконг | Гонконг
Ashgabat | Ашхабад | Ашхабад, Ашғабат
Ust-Kamenogorsk, Oskemen | Усть-Каменогорск | Өскемен
Uralsk | Уральск | Орал
"""  # noqa: E501

SAME_NAMES: tuple[dict[str, tuple[str, ...]], ...] = tuple(
    {
        language: tuple(name.strip() for name in column.split(","))
        for language, column in zip(("en", "ru", "kk"), line.split("|"), strict=True)
    }
    for line in _THINGS.strip().splitlines()
)
"""For every thing, what it is called in each language, in its basic form."""
