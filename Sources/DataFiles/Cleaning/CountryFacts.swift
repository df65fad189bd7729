/// Countries and their names: ISO 3166-1's two- and three-letter codes, then the name in Finnish, Swedish and
/// English as the Unicode CLDR lists them. A line a country.
enum CountryFacts {
  static let names =
    """
    AD AND Andorra|Andorra|Andorra
    AE ARE Arabiemiirikunnat|Förenade Arabemiraten|United Arab Emirates
    AF AFG Afganistan|Afghanistan|Afghanistan
    AG ATG Antigua ja Barbuda|Antigua och Barbuda|Antigua & Barbuda
    AI AIA Anguilla|Anguilla|Anguilla
    AL ALB Albania|Albanien|Albania
    AM ARM Armenia|Armenien|Armenia
    AO AGO Angola|Angola|Angola
    AQ ATA Antarktis|Antarktis|Antarctica
    AR ARG Argentiina|Argentina|Argentina
    AS ASM Amerikan Samoa|Amerikanska Samoa|American Samoa
    AT AUT Itävalta|Österrike|Austria
    AU AUS Australia|Australien|Australia
    AW ABW Aruba|Aruba|Aruba
    AX ALA Ahvenanmaa|Åland|Åland Islands
    AZ AZE Azerbaidžan|Azerbajdzjan|Azerbaijan
    BA BIH Bosnia ja Hertsegovina|Bosnien och Hercegovina|Bosnia & Herzegovina
    BB BRB Barbados|Barbados|Barbados
    BD BGD Bangladesh|Bangladesh|Bangladesh
    BE BEL Belgia|Belgien|Belgium
    BF BFA Burkina Faso|Burkina Faso|Burkina Faso
    BG BGR Bulgaria|Bulgarien|Bulgaria
    BH BHR Bahrain|Bahrain|Bahrain
    BI BDI Burundi|Burundi|Burundi
    BJ BEN Benin|Benin|Benin
    BL BLM Saint-Barthélemy|S:t Barthélemy|St. Barthélemy
    BM BMU Bermuda|Bermuda|Bermuda
    BN BRN Brunei|Brunei|Brunei
    BO BOL Bolivia|Bolivia|Bolivia
    BQ BES Karibian Alankomaat|Karibiska Nederländerna|Caribbean Netherlands
    BR BRA Brasilia|Brasilien|Brazil
    BS BHS Bahama|Bahamas|Bahamas
    BT BTN Bhutan|Bhutan|Bhutan
    BV BVT Bouvet’nsaari|Bouvetön|Bouvet Island
    BW BWA Botswana|Botswana|Botswana
    BY BLR Valko-Venäjä|Belarus|Belarus
    BZ BLZ Belize|Belize|Belize
    CA CAN Kanada|Kanada|Canada
    CC CCK Kookossaaret (Keelingsaaret)|Kokosöarna|Cocos (Keeling) Islands
    CD COD Kongon demokraattinen tasavalta|Kongo-Kinshasa|Congo - Kinshasa
    CF CAF Keski-Afrikan tasavalta|Centralafrikanska republiken|Central African Republic
    CG COG Kongon tasavalta|Kongo-Brazzaville|Congo - Brazzaville
    CH CHE Sveitsi|Schweiz|Switzerland
    CI CIV Norsunluurannikko|Elfenbenskusten|Côte d’Ivoire
    CK COK Cookinsaaret|Cooköarna|Cook Islands
    CL CHL Chile|Chile|Chile
    CM CMR Kamerun|Kamerun|Cameroon
    CN CHN Kiina|Kina|China
    CO COL Kolumbia|Colombia|Colombia
    CR CRI Costa Rica|Costa Rica|Costa Rica
    CU CUB Kuuba|Kuba|Cuba
    CV CPV Kap Verde|Kap Verde|Cape Verde
    CW CUW Curaçao|Curaçao|Curaçao
    CX CXR Joulusaari|Julön|Christmas Island
    CY CYP Kypros|Cypern|Cyprus
    CZ CZE Tšekki|Tjeckien|Czechia
    DE DEU Saksa|Tyskland|Germany
    DJ DJI Djibouti|Djibouti|Djibouti
    DK DNK Tanska|Danmark|Denmark
    DM DMA Dominica|Dominica|Dominica
    DO DOM Dominikaaninen tasavalta|Dominikanska republiken|Dominican Republic
    DZ DZA Algeria|Algeriet|Algeria
    EC ECU Ecuador|Ecuador|Ecuador
    EE EST Viro|Estland|Estonia
    EG EGY Egypti|Egypten|Egypt
    EH ESH Länsi-Sahara|Västsahara|Western Sahara
    ER ERI Eritrea|Eritrea|Eritrea
    ES ESP Espanja|Spanien|Spain
    ET ETH Etiopia|Etiopien|Ethiopia
    FI FIN Suomi|Finland|Finland
    FJ FJI Fidži|Fiji|Fiji
    FK FLK Falklandinsaaret|Falklandsöarna|Falkland Islands
    FM FSM Mikronesia|Mikronesien|Micronesia
    FO FRO Färsaaret|Färöarna|Faroe Islands
    FR FRA Ranska|Frankrike|France
    GA GAB Gabon|Gabon|Gabon
    GB GBR Iso-Britannia|Storbritannien|United Kingdom
    GD GRD Grenada|Grenada|Grenada
    GE GEO Georgia|Georgien|Georgia
    GF GUF Ranskan Guayana|Franska Guyana|French Guiana
    GG GGY Guernsey|Guernsey|Guernsey
    GH GHA Ghana|Ghana|Ghana
    GI GIB Gibraltar|Gibraltar|Gibraltar
    GL GRL Grönlanti|Grönland|Greenland
    GM GMB Gambia|Gambia|Gambia
    GN GIN Guinea|Guinea|Guinea
    GP GLP Guadeloupe|Guadeloupe|Guadeloupe
    GQ GNQ Päiväntasaajan Guinea|Ekvatorialguinea|Equatorial Guinea
    GR GRC Kreikka|Grekland|Greece
    GS SGS Etelä-Georgia ja Eteläiset Sandwichinsaaret|Sydgeorgien och Sydsandwichöarna|South Georgia & South Sandwich Islands
    GT GTM Guatemala|Guatemala|Guatemala
    GU GUM Guam|Guam|Guam
    GW GNB Guinea-Bissau|Guinea-Bissau|Guinea-Bissau
    GY GUY Guyana|Guyana|Guyana
    HK HKG Hongkong – Kiinan erityishallintoalue|Hongkong SAR|Hong Kong SAR China
    HM HMD Heard ja McDonaldinsaaret|Heardön och McDonaldöarna|Heard & McDonald Islands
    HN HND Honduras|Honduras|Honduras
    HR HRV Kroatia|Kroatien|Croatia
    HT HTI Haiti|Haiti|Haiti
    HU HUN Unkari|Ungern|Hungary
    ID IDN Indonesia|Indonesien|Indonesia
    IE IRL Irlanti|Irland|Ireland
    IL ISR Israel|Israel|Israel
    IM IMN Mansaari|Isle of Man|Isle of Man
    IN IND Intia|Indien|India
    IO IOT Brittiläinen Intian valtameren alue|Brittiska territoriet i Indiska oceanen|British Indian Ocean Territory
    IQ IRQ Irak|Irak|Iraq
    IR IRN Iran|Iran|Iran
    IS ISL Islanti|Island|Iceland
    IT ITA Italia|Italien|Italy
    JE JEY Jersey|Jersey|Jersey
    JM JAM Jamaika|Jamaica|Jamaica
    JO JOR Jordania|Jordanien|Jordan
    JP JPN Japani|Japan|Japan
    KE KEN Kenia|Kenya|Kenya
    KG KGZ Kirgisia|Kirgizistan|Kyrgyzstan
    KH KHM Kambodža|Kambodja|Cambodia
    KI KIR Kiribati|Kiribati|Kiribati
    KM COM Komorit|Komorerna|Comoros
    KN KNA Saint Kitts ja Nevis|S:t Kitts och Nevis|St. Kitts & Nevis
    KP PRK Pohjois-Korea|Nordkorea|North Korea
    KR KOR Etelä-Korea|Sydkorea|South Korea
    KW KWT Kuwait|Kuwait|Kuwait
    KY CYM Caymansaaret|Caymanöarna|Cayman Islands
    KZ KAZ Kazakstan|Kazakstan|Kazakhstan
    LA LAO Laos|Laos|Laos
    LB LBN Libanon|Libanon|Lebanon
    LC LCA Saint Lucia|S:t Lucia|St. Lucia
    LI LIE Liechtenstein|Liechtenstein|Liechtenstein
    LK LKA Sri Lanka|Sri Lanka|Sri Lanka
    LR LBR Liberia|Liberia|Liberia
    LS LSO Lesotho|Lesotho|Lesotho
    LT LTU Liettua|Litauen|Lithuania
    LU LUX Luxemburg|Luxemburg|Luxembourg
    LV LVA Latvia|Lettland|Latvia
    LY LBY Libya|Libyen|Libya
    MA MAR Marokko|Marocko|Morocco
    MC MCO Monaco|Monaco|Monaco
    MD MDA Moldova|Moldavien|Moldova
    ME MNE Montenegro|Montenegro|Montenegro
    MF MAF Saint-Martin|Saint-Martin|St. Martin
    MG MDG Madagaskar|Madagaskar|Madagascar
    MH MHL Marshallinsaaret|Marshallöarna|Marshall Islands
    MK MKD Pohjois-Makedonia|Nordmakedonien|North Macedonia
    ML MLI Mali|Mali|Mali
    MM MMR Myanmar (Burma)|Myanmar (Burma)|Myanmar (Burma)
    MN MNG Mongolia|Mongoliet|Mongolia
    MO MAC Macao – Kiinan erityishallintoalue|Macao SAR|Macao SAR China
    MP MNP Pohjois-Mariaanit|Nordmarianerna|Northern Mariana Islands
    MQ MTQ Martinique|Martinique|Martinique
    MR MRT Mauritania|Mauretanien|Mauritania
    MS MSR Montserrat|Montserrat|Montserrat
    MT MLT Malta|Malta|Malta
    MU MUS Mauritius|Mauritius|Mauritius
    MV MDV Malediivit|Maldiverna|Maldives
    MW MWI Malawi|Malawi|Malawi
    MX MEX Meksiko|Mexiko|Mexico
    MY MYS Malesia|Malaysia|Malaysia
    MZ MOZ Mosambik|Moçambique|Mozambique
    NA NAM Namibia|Namibia|Namibia
    NC NCL Uusi-Kaledonia|Nya Kaledonien|New Caledonia
    NE NER Niger|Niger|Niger
    NF NFK Norfolkinsaari|Norfolkön|Norfolk Island
    NG NGA Nigeria|Nigeria|Nigeria
    NI NIC Nicaragua|Nicaragua|Nicaragua
    NL NLD Alankomaat|Nederländerna|Netherlands
    NO NOR Norja|Norge|Norway
    NP NPL Nepal|Nepal|Nepal
    NR NRU Nauru|Nauru|Nauru
    NU NIU Niue|Niue|Niue
    NZ NZL Uusi-Seelanti|Nya Zeeland|New Zealand
    OM OMN Oman|Oman|Oman
    PA PAN Panama|Panama|Panama
    PE PER Peru|Peru|Peru
    PF PYF Ranskan Polynesia|Franska Polynesien|French Polynesia
    PG PNG Papua-Uusi-Guinea|Papua Nya Guinea|Papua New Guinea
    PH PHL Filippiinit|Filippinerna|Philippines
    PK PAK Pakistan|Pakistan|Pakistan
    PL POL Puola|Polen|Poland
    PM SPM Saint-Pierre ja Miquelon|S:t Pierre och Miquelon|St. Pierre & Miquelon
    PN PCN Pitcairn|Pitcairnöarna|Pitcairn Islands
    PR PRI Puerto Rico|Puerto Rico|Puerto Rico
    PS PSE Palestiinalaisalue|Palestinska territorierna|Palestinian Territories
    PT PRT Portugali|Portugal|Portugal
    PW PLW Palau|Palau|Palau
    PY PRY Paraguay|Paraguay|Paraguay
    QA QAT Qatar|Qatar|Qatar
    RE REU Réunion|Réunion|Réunion
    RO ROU Romania|Rumänien|Romania
    RS SRB Serbia|Serbien|Serbia
    RU RUS Venäjä|Ryssland|Russia
    RW RWA Ruanda|Rwanda|Rwanda
    SA SAU Saudi-Arabia|Saudiarabien|Saudi Arabia
    SB SLB Salomonsaaret|Salomonöarna|Solomon Islands
    SC SYC Seychellit|Seychellerna|Seychelles
    SD SDN Sudan|Sudan|Sudan
    SE SWE Ruotsi|Sverige|Sweden
    SG SGP Singapore|Singapore|Singapore
    SH SHN Saint Helena|S:t Helena|St. Helena
    SI SVN Slovenia|Slovenien|Slovenia
    SJ SJM Huippuvuoret ja Jan Mayen|Svalbard och Jan Mayen|Svalbard & Jan Mayen
    SK SVK Slovakia|Slovakien|Slovakia
    SL SLE Sierra Leone|Sierra Leone|Sierra Leone
    SM SMR San Marino|San Marino|San Marino
    SN SEN Senegal|Senegal|Senegal
    SO SOM Somalia|Somalia|Somalia
    SR SUR Suriname|Surinam|Suriname
    SS SSD Etelä-Sudan|Sydsudan|South Sudan
    ST STP São Tomé ja Príncipe|São Tomé och Príncipe|São Tomé & Príncipe
    SV SLV El Salvador|El Salvador|El Salvador
    SX SXM Sint Maarten|Sint Maarten|Sint Maarten
    SY SYR Syyria|Syrien|Syria
    SZ SWZ Eswatini|Eswatini|Eswatini
    TC TCA Turks- ja Caicossaaret|Turks- och Caicosöarna|Turks & Caicos Islands
    TD TCD Tšad|Tchad|Chad
    TF ATF Ranskan eteläiset ja antarktiset alueet|Franska sydterritorierna|French Southern Territories
    TG TGO Togo|Togo|Togo
    TH THA Thaimaa|Thailand|Thailand
    TJ TJK Tadžikistan|Tadzjikistan|Tajikistan
    TK TKL Tokelau|Tokelauöarna|Tokelau
    TL TLS Itä-Timor|Östtimor|Timor-Leste
    TM TKM Turkmenistan|Turkmenistan|Turkmenistan
    TN TUN Tunisia|Tunisien|Tunisia
    TO TON Tonga|Tonga|Tonga
    TR TUR Turkki|Turkiet|Türkiye
    TT TTO Trinidad ja Tobago|Trinidad och Tobago|Trinidad & Tobago
    TV TUV Tuvalu|Tuvalu|Tuvalu
    TW TWN Taiwan|Taiwan|Taiwan
    TZ TZA Tansania|Tanzania|Tanzania
    UA UKR Ukraina|Ukraina|Ukraine
    UG UGA Uganda|Uganda|Uganda
    UM UMI Yhdysvaltain erillissaaret|USA:s yttre öar|U.S. Outlying Islands
    US USA Yhdysvallat|USA|United States
    UY URY Uruguay|Uruguay|Uruguay
    UZ UZB Uzbekistan|Uzbekistan|Uzbekistan
    VA VAT Vatikaani|Vatikanstaten|Vatican City
    VC VCT Saint Vincent ja Grenadiinit|S:t Vincent och Grenadinerna|St. Vincent & Grenadines
    VE VEN Venezuela|Venezuela|Venezuela
    VG VGB Brittiläiset Neitsytsaaret|Brittiska Jungfruöarna|British Virgin Islands
    VI VIR Yhdysvaltain Neitsytsaaret|Amerikanska Jungfruöarna|U.S. Virgin Islands
    VN VNM Vietnam|Vietnam|Vietnam
    VU VUT Vanuatu|Vanuatu|Vanuatu
    WF WLF Wallis ja Futuna|Wallis- och Futunaöarna|Wallis & Futuna
    WS WSM Samoa|Samoa|Samoa
    XK XKX Kosovo|Kosovo|Kosovo
    YE YEM Jemen|Jemen|Yemen
    YT MYT Mayotte|Mayotte|Mayotte
    ZA ZAF Etelä-Afrikka|Sydafrika|South Africa
    ZM ZMB Sambia|Zambia|Zambia
    ZW ZWE Zimbabwe|Zimbabwe|Zimbabwe
    """

  /// What else countries are called in files: short, old and local names. Folded names before the codes they mean.
  static let otherNames =
    """
    usa=US us=US u s a=US united states of america=US america=US amerikan yhdysvallat=US yhdysvallat usa=US
    forenta staterna=US amerikas forenta stater=US
    uk=GB u k=GB great britain=GB britain=GB england=GB scotland=GB wales=GB northern ireland=GB englanti=GB
    iso britannia=GB storbritannien=GB skotlanti=GB united kingdom of great britain and northern ireland=GB
    holland=NL hollanti=NL the netherlands=NL nederland=NL
    deutschland=DE saksan liittotasavalta=DE federal republic of germany=DE brd=DE
    sverige=SE norge=NO danmark=DK island=IS eesti=EE latvija=LV lietuva=LT polska=PL osterreich=AT
    schweiz=CH suisse=CH svizzera=CH belgique=BE belgie=BE luxemburg=LU espana=ES italia=IT brasil=BR
    czech republic=CZ tsekin tasavalta=CZ tsekki=CZ tjeckien=CZ cesko=CZ ceska republika=CZ slovakian tasavalta=SK
    magyarorszag=HU hrvatska=HR slovenija=SI srbija=RS ellada=GR hellas=GR turkey=TR turkki=TR turkiye=TR
    russian federation=RU venajan federaatio=RU rossiya=RU belarus=BY valko venaja=BY vitryssland=BY
    south korea=KR korea=KR republic of korea=KR korea republic of=KR north korea=KP
    peoples republic of china=CN pr china=CN prc=CN kiinan kansantasavalta=CN hong kong=HK hongkong=HK macau=MO
    taiwan=TW republic of china=TW viet nam=VN burma=MM birma=MM persia=IR uae=AE
    emirates=AE arabiemiraatit=AE arabiemiirikunnat=AE
    ivory coast=CI cote d ivoire=CI swaziland=SZ cape verde=CV kap verde=CV east timor=TL
    macedonia=MK makedonia=MK north macedonia=MK moldavia=MD republic of moldova=MD
    republic of ireland=IE eire=IE irlannin tasavalta=IE
    faroe islands=FO farsaaret=FO aland=AX ahvenanmaan maakunta=AX
    vatican=VA holy see=VA congo kinshasa=CD drc=CD congo brazzaville=CG
    aotearoa=NZ uusi seelanti=NZ
    """
}
