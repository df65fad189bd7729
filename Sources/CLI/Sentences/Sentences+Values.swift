extension Sentences {
  /// Why a value was not read, and which rule of the schema a field breaks.
  static let valuesInFinnish: [Entry] = [
    ("not an amount as {} writes them", "ei rahamäärä kieliasetuksen {1} tapaan"),
    ("not a number as {} writes them", "ei luku kieliasetuksen {1} tapaan"),
    ("not a whole number as {} writes them", "ei kokonaisluku kieliasetuksen {1} tapaan"),
    (
      "not a date, or a date and time, as {} writes them",
      "ei päivä eikä päivä ja kellonaika kieliasetuksen {1} tapaan"
    ),
    ("not a date as {} writes them", "ei päivä kieliasetuksen {1} tapaan"), ("not a date", "ei päivä"),
    ("not a number that can be multiplied", "ei luku, jonka voi kertoa"),
    ("no format is called {}", "muotoa {1} ei ole"),
    (
      "not a currency's code, nor a sign that one currency only has",
      "ei valuutan tunnus eikä merkki, joka on vain yhdellä valuutalla"
    ),
    ("could be several countries ({})", "voi olla useampi maa ({1})"),
    (
      "no country is called that in Finnish, Swedish or English",
      "minkään maan nimi ei ole tämä suomeksi, ruotsiksi eikä englanniksi"
    ),
    ("too long for a telephone number", "liian pitkä puhelinnumeroksi"),
    ("letters in a telephone number", "puhelinnumerossa on kirjaimia"),
    ("not a length that numbers have", "puhelinnumero ei voi olla tämän pituinen"),
    (
      "the country with this code has no numbers like it",
      "maassa, jolla on tämä suuntanumero, ei ole tällaisia numeroita"
    ),
    ("no country has this calling code", "millään maalla ei ole tätä suuntanumeroa"),
    ("no country code, and the country is not known", "suuntanumero puuttuu, eikä maata tiedetä"),
    ("{} has no numbering plan", "maan {1} numerointia ei tunneta"),
    (
      "not a number as it is dialled in {} (trunk prefix {})",
      "ei numero, niin kuin maassa {1} soitetaan (etunumero {2})"
    ),
    ("not a number as {} has them", "maassa {1} ei ole tällaisia numeroita"),
    (
      "a status: potential, current or former",
      "tila: mahdollinen (potential), nykyinen (current) tai entinen (former)"
    ),
    (
      "a channel: email, phone, text_message, video, in_person, letter",
      "kanava: email, phone, text_message, video, in_person tai letter"
    ),
    ("another form", "toista muotoa"), ("a value was expected; none came", "arvo puuttuu"),
    ("a string was expected", "odotettiin tekstiä"),
    ("a string that is not UTF-8 came", "teksti ei ole UTF-8:aa"),
    (
      "control characters came; expected no control characters other than line breaks and tabs",
      "tekstissä on ohjausmerkkejä; vain rivinvaihdot ja sarkaimet käyvät"
    ),
    ("control characters came; expected no control characters", "tekstissä on ohjausmerkkejä"),
    ("{} elements came; expected {}", "{1} kohtaa; odotettiin {2}"),
    ("{} characters came; expected {}", "{1} merkkiä; odotettiin {2}"),
    ("number {} came; expected one of {}", "tuli {1}; odotettiin jotakin näistä: {2}"),
    ("a text of {} characters came; expected {}", "tuli {1} merkin teksti; odotettiin: {2}"),
    ("{} came; expected a match of {}", "tuli {1}; odotettiin muotoa {2}"),
    ("{} came; expected {}", "tuli {1}; odotettiin: {2}"),
    ("“{}” does not fit {}: {} was expected.", "”{1}” ei sovi kenttään {2}; odotettiin: {3}."),
    (
      "an account cannot own itself; name another account",
      "asiakkuus ei voi omistaa itseään; nimeä toinen asiakkuus"
    ),
    (
      "the account owns this parent already, so the two would own each other; end one of the two",
      "asiakkuus omistaa jo tämän omistajan, joten ne omistaisivat toisensa; lopeta jompikumpi"
    ),
    (
      "there is no such {}; create the {} first", "sellaista ei ole, laji {1}; luo se ensin"
    ),
    (
      "another item has the same id; give each its own",
      "toisella kohdalla on sama tunnus; anna kullekin omansa"
    ),
  ]

  /// What formats of values expect.
  static let formatsInFinnish: [Entry] = [
    ("a business id as NNNNNNN-N", "Y-tunnus muodossa NNNNNNN-N"),
    (
      "a business id whose check digit fits (one digit is wrong, or two are swapped)",
      "Y-tunnus, jonka tarkistusnumero täsmää (yksi numero on väärä tai kaksi on vaihtunut)"
    ),
    ("a business id that was given to somebody, not zeros", "jollekin annettu Y-tunnus, ei nollia"),
    ("an LEI of 20 characters", "20 merkin LEI-tunnus"),
    ("an LEI of capital letters and digits", "LEI-tunnus isoin kirjaimin ja numeroin"),
    ("an LEI that ends with two digits", "LEI-tunnus, jonka lopussa on kaksi numeroa"),
    (
      "an LEI whose check digits fit (a character is wrong, or two are swapped)",
      "LEI-tunnus, jonka tarkistusnumerot täsmäävät (merkki on väärä tai kaksi on vaihtunut)"
    ),
    ("a VAT number whose check digit fits", "ALV-tunnus, jonka tarkistusnumero täsmää"),
    (
      "a VAT number with the length and letters of its country ({})",
      "ALV-tunnus, jossa on maan mukainen määrä merkkejä ({1})"
    ),
    (
      "a country code of two capitals (ISO 3166-1), such as FI",
      "kahden ison kirjaimen maatunnus (ISO 3166-1), esimerkiksi FI"
    ),
    (
      "a country code that ISO 3166-1 knows, in capitals, such as FI",
      "ISO 3166-1:n maatunnus isoin kirjaimin, esimerkiksi FI"
    ),
    (
      "a currency code of three capitals (ISO 4217), such as EUR",
      "kolmen ison kirjaimen valuuttatunnus (ISO 4217), esimerkiksi EUR"
    ),
    (
      "a currency code that ISO 4217 knows, in capitals, such as EUR",
      "ISO 4217:n valuuttatunnus isoin kirjaimin, esimerkiksi EUR"
    ),
    ("a date as YYYY-MM-DD", "päivä muodossa VVVV-KK-PP"), ("a month between 01 and 12", "kuukausi 01–12"),
    ("a day that the month has (01 to {})", "päivä, joka kuukaudessa on (01–{1})"),
    ("a year between 0001 and 9999", "vuosi 0001–9999"),
    ("a domain name with a dot in it", "verkkotunnus, jossa on piste"),
    ("a domain name in lower case", "verkkotunnus pienin kirjaimin"), ("a domain name", "verkkotunnus"),
    (
      "only a-z, 0-9, hyphens and dots in a domain name",
      "verkkotunnuksessa vain a–z, 0–9, yhdysmerkkejä ja pisteitä"
    ),
    ("an e-mail address with an @", "sähköpostiosoite, jossa on @"), ("one @ only", "vain yksi @"),
    ("a name before the @", "nimi merkin @ edessä"), ("after the @, {}", "merkin @ jälkeen {1}"),
    ("a plus and the country code first", "ensin plus ja maan suuntanumero"),
    ("only digits after the plus", "plussan jälkeen vain numeroita"),
    ("{#} to {#} digits after the plus", "{1}–{2} numeroa plussan jälkeen"),
    ("a language tag (BCP 47), such as fi or sv-FI", "kielitunnus (BCP 47), esimerkiksi fi tai sv-FI"),
    ("a URL that begins with http:// or https://", "osoite, jonka alussa on http:// tai https://"),
    ("a number", "luku"), ("a whole number", "kokonaisluku"), ("yes or no", "kyllä tai ei"),
    ("a text", "teksti"),
    ("JSON such as {…}", "JSON, kuten {…}"),
    (
      "a day (2026-03-31) or a moment (2026-03-31T12:00:00Z)",
      "päivä (2026-03-31) tai hetki (2026-03-31T12:00:00Z)"
    ),
    ("{} from {#} to {#}", "{1} väliltä {2}–{3}"), ("{} of at least {#}", "{1}, vähintään {2}"),
    ("{} of at most {#}", "{1}, enintään {2}"),
    ("{#} to {#}", "{1}–{2}"), ("at most {#}", "enintään {1}"), ("at least {#}", "vähintään {1}"),
  ]

  /// Sentences around others.
  static let framesInFinnish: [Entry] = [
    ("{}; {}", "{1}; {2}"), ("{}: {}", "{1}: {2}"),
    ("expected {}", "odotettiin: {1}"),
  ]

  /// Rules by the name that a server gives them, for sentences that are not in the table.
  static let rulesInFinnish: [String: String] = [
    "REQUIRED": "arvo puuttuu", "LENGTH": "liian pitkä tai liian lyhyt",
    "RANGE": "ei ole sallituissa rajoissa",
    "PATTERN": "väärän muotoinen", "FORMAT": "väärän muotoinen",
    "CONTROL_CHARACTER": "tekstissä on ohjausmerkkejä",
    "UNKNOWN_VALUE": "tuntematon vaihtoehto", "REFERENCE": "ei ole tietueen nimi",
    "MALFORMED": "ei voi lukea",
    "IMMUTABLE": "annetaan vain luotaessa", "NOT_A_NUMBER": "ei ole luku",
    "OUT_OF_RANGE": "ei ole sallituissa rajoissa",
    "OFF_SCALE": "ei ole asteikolla", "NO_SCALE": "asteikko puuttuu",
    "BAD_IDENTIFIER": "tunnus ei ole oikein",
    "BAD_AMOUNT": "määrä ei ole oikein", "BAD_ORDER": "tällaista järjestystä ei ole",
    "BAD_FILTER": "ehtoa ei voi lukea",
    "BAD_RESOURCE_NAME": "ei ole tietueen nimi", "UNKNOWN_FIELD": "tuntematon kenttä",
    "UNKNOWN_KIND": "tuntematon laji",
    "UNKNOWN_ACCOUNT": "tällaista asiakkuutta ei ole", "UNKNOWN_CONTACT": "tällaista yhteyshenkilöä ei ole",
    "UNKNOWN_STAGE": "tällaista vaihetta ei ole", "UNKNOWN_JOURNEY": "tällaista polkua ei ole",
    "UNKNOWN_SECTION": "tällaista osaa ei ole", "UNKNOWN_CRITERION": "tällaista ehtoa ei ole",
    "OWN_PARENT": "ei voi omistaa itseään", "CIRCULAR_PARENT": "omistus kiertäisi kehää",
    "CIRCULAR_REPORTING": "raportointi kiertäisi kehää", "DUPLICATE_ITEM": "sama on jo toisaalla",
    "OVERLAPPING_TENURES": "menee päällekkäin toisen jakson kanssa",
    "OUT_OF_ORDER": "järjestys on väärä",
    "EMPTY_SPAN": "jakso on tyhjä", "IN_FUTURE": "on tulevaisuudessa", "IN_THE_FUTURE": "on tulevaisuudessa",
    "FUTURE_DATE": "on tulevaisuudessa", "BEFORE_BASELINE": "on ennen lähtötilannetta",
    "OTHER_ACCOUNT": "kuuluu toiseen asiakkuuteen", "NOT_AT_ACCOUNT": "ei ole asiakkuudessa töissä",
    "WITH_ONESELF": "on sama henkilö", "NO_EVIDENCE": "perustelu puuttuu", "VALUE_TAKEN": "on jo toisella",
    "BOTH_SET": "vain toinen näistä käy", "TOO_MANY_ACCOUNTS": "asiakkuuksia on liikaa",
    "TOO_MANY_RECORDS": "tietueita on liikaa", "NOT_BACKWARDS": "siirtymä ei vie taaksepäin",
    "CRITERION_NOT_MET": "ehto ei täyty",
  ]
}
