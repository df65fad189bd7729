extension Sentences {
  /// What was found out about a file.
  static let findingsInFinnish: [Entry] = [
    ("{}, comma", "{1}, pilkku"), ("{}, semicolon", "{1}, puolipiste"), ("{}, tab", "{1}, sarkain"),
    ("{}, vertical bar", "{1}, pystyviiva"),
    ("{}, JSON", "{1}, JSON"), ("{}, vCard", "{1}, vCard"),
    ("{} (plain ASCII)", "{1} (pelkkää ASCIIta)"),
    ("{} (assumed: the bytes are not UTF-8)", "{1} (oletus: tavut eivät ole UTF-8:aa)"),
    ("{} with byte order mark", "{1}, jossa on tavujärjestysmerkki"),
  ]

  /// Where something stands in a file.
  static let placesInFinnish: [Entry] = [
    ("{} (and {} more)", "{1} (ja {2} muuta)"),
    ("line {}, column {}, character {} ({}): {}", "rivi {1}, sarake {2}, merkki {3} ({4}): {5}"),
    ("line {}, column {}, character {}: {}", "rivi {1}, sarake {2}, merkki {3}: {4}"),
    ("line {}, column {} ({}): {}", "rivi {1}, sarake {2} ({3}): {4}"),
    ("line {}, column {}: {}", "rivi {1}, sarake {2}: {3}"),
    ("line {}, character {}: {}", "rivi {1}, merkki {2}: {3}"), ("line {}: {}", "rivi {1}: {2}"),
    ("{}, line {}, column {}, character {}", "{1}, rivi {2}, sarake {3}, merkki {4}"),
    ("{}, line {}, column {}", "{1}, rivi {2}, sarake {3}"),
    ("{}, line {}, character {}", "{1}, rivi {2}, merkki {3}"),
    ("{}, line {}", "{1}, rivi {2}"),
  ]

  /// What is wrong with mapping files.
  static let mappingsInFinnish: [Entry] = [
    ("a mapping file of more than {} bytes", "kuvaustiedosto on yli {1} tavua"),
    (
      "a mapping file begins with the line “punos-mapping 1”",
      "kuvaustiedosto alkaa rivillä ”punos-mapping 1”"
    ),
    (
      "expected a section such as [account] before columns are mapped",
      "ennen sarakkeita odotettiin osaa, esimerkiksi [account]"
    ),
    ("the mapping file is empty", "kuvaustiedosto on tyhjä"),
    (
      "no section such as [account] says what rows become",
      "mikään osa, esimerkiksi [account], ei kerro, mitä riveistä tulee"
    ),
    ("no column is mapped in [{}]", "osassa [{1}] ei kuvata yhtään saraketta"),
    ("expected one of {}", "odotettiin jotakin näistä: {1}"),
    ("the section [{}] comes twice", "osa [{1}] on kahdesti"),
    (
      "expected a locale whose habits are known, such as fi, sv, en-GB or en-US",
      "odotettiin kieliasetusta, jonka tavat tunnetaan, esimerkiksi fi, sv, en-GB tai en-US"
    ),
    (
      "expected a country by its ISO 3166-1 code, such as FI",
      "odotettiin maan ISO 3166-1 -tunnusta, esimerkiksi FI"
    ),
    (
      "expected “column = field”, “key system = column”, “constant field = value” or “ignore column”",
      "odotettiin ”sarake = kenttä”, ”key järjestelmä = sarake”, ”constant kenttä = arvo” tai ”ignore sarake”"
    ),
    (
      "expected a system's name of a-z, 0-9, dot, hyphen and underscore",
      "odotettiin järjestelmän nimeä, jossa on vain a–z, 0–9, piste, yhdysmerkki ja alaviiva"
    ),
    ("the section has a key already", "osalla on jo avain"),
    (
      "no cleaning is called “{}”, or not with these words: is {} meant?",
      "siistimistä ”{1}” ei ole, tai ei näillä sanoilla: tarkoititko {2}?"
    ),
    (
      "no cleaning is called “{}”, or not with these words",
      "siistimistä ”{1}” ei ole, tai ei näillä sanoilla"
    ),
    ("expected a field after the equals sign", "yhtäsuuruusmerkin jälkeen odotettiin kenttää"),
    (
      "the column “{}” is mapped twice (already on line {})",
      "sarake ”{1}” on kuvattu kahdesti (jo rivillä {2})"
    ),
    ("{} has no field “{}”: is {} meant?", "lajilla {1} ei ole kenttää ”{2}”: tarkoititko {3}?"),
    ("{} has no field “{}”", "lajilla {1} ei ole kenttää ”{2}”"),
    (
      "the field {} is written twice (already on line {})",
      "kenttään {1} kirjoitetaan kahdesti (jo rivillä {2})"
    ),
    ("a quote is opened and not closed", "lainausmerkki avataan, mutta sitä ei suljeta"),
    (
      "the table has the column “{}” {} times: rename one of them",
      "taulukossa on sarake ”{1}” {2} kertaa: nimeä niistä jokin toisin"
    ),
    ("the table has no column “{}”: is “{}” meant?", "taulukossa ei ole saraketta ”{1}”: tarkoititko ”{2}”?"),
    ("the table has no column “{}”", "taulukossa ei ole saraketta ”{1}”"),
    ("no kind is called {}", "lajia {1} ei ole"),
    ("{} does not have all of these fields", "lajilla {1} ei ole kaikkia näitä kenttiä"),
  ]

  /// Why a row, a card or a line of a file is refused, or a whole file.
  static let rowsInFinnish: [Entry] = [
    ("left as written: {}", "jätettiin sellaisekseen: {1}"),
    ("country left out: {}", "maa jätettiin pois: {1}"),
    ("left out: {}", "jätettiin pois: {1}"),
    (
      "expected the record's id in {}, the column is empty",
      "odotettiin tietueen tunnusta järjestelmässä {1}, sarake on tyhjä"
    ),
    ("the {} has no name (display_name)", "nimi puuttuu (display_name), laji {1}"),
    (
      "{} fields where the header has {}: a {} in a value is not quoted, or there is one too many",
      "{1} kenttää, kun otsikossa on {2}: arvossa oleva erotin ({3}) ei ole lainausmerkeissä, tai niitä on liikaa"
    ),
    (
      "{} fields where the header has {}: fields are missing, or a line break in a value is not quoted",
      "{1} kenttää, kun otsikossa on {2}: kenttiä puuttuu, tai arvon rivinvaihto ei ole lainausmerkeissä"
    ),
    (
      "text behind a closing quote: a quote inside a quoted value must be doubled",
      "sulkevan lainausmerkin takana on tekstiä: arvon sisällä lainausmerkki kirjoitetaan kahdesti"
    ),
    (
      "a record of more than {} bytes: perhaps its line breaks are gone",
      "rivi on yli {1} tavua: ehkä rivinvaihdot ovat kadonneet"
    ),
    ("more than {} fields in a record", "rivillä on yli {1} kenttää"),
    (
      "bytes that are not {}: name the file's encoding, or save it as UTF-8",
      "tavuja, jotka eivät ole merkistöä {1}: kerro tiedoston merkistö tai tallenna se UTF-8:na"
    ),
    (
      "a quote is opened here and not closed before the end of the file: close it, or double it if it belongs to the value",
      "lainausmerkki avataan tässä, eikä sitä suljeta ennen tiedoston loppua: sulje se, tai kirjoita se kahdesti, jos se "
        + "kuuluu arvoon"
    ),
    (
      "a quote is opened here and not closed within {} bytes: close it, or double it if it belongs to the value",
      "lainausmerkki avataan tässä, eikä sitä suljeta {1} tavun matkalla: sulje se, tai kirjoita se kahdesti, jos se "
        + "kuuluu arvoon"
    ),
    ("the header cannot be read: {}", "otsikkoriviä ei voi lukea: {1}"),
    ("the file is empty", "tiedosto on tyhjä"),
    ("the file has no header line", "tiedostossa ei ole otsikkoriviä"),
    ("the file is not text but {}", "tiedosto ei ole tekstiä vaan: {1}"),
    ("a PDF document: export the data as CSV", "PDF-asiakirja; vie tiedot CSV:nä"),
    (
      "an Excel workbook or a zip archive: save the sheet as CSV, or unpack it",
      "Excel-työkirja tai zip-paketti; tallenna taulukko CSV:nä tai pura paketti"
    ),
    ("an SQLite database: export the table as CSV", "SQLite-tietokanta; vie taulu CSV:nä"),
    ("an old Excel workbook: save the sheet as CSV", "vanha Excel-työkirja; tallenna taulukko CSV:nä"),
    ("compressed with gzip: unpack it first", "gzip-pakattu; pura se ensin"),
    ("text in UTF-32: save it as UTF-8", "UTF-32-tekstiä; tallenna se UTF-8:na"),
    (
      "the file is JSON, not a table: import it as jsonl",
      "tiedosto on JSONia eikä taulukko: tuo se muodossa jsonl"
    ),
    (
      "the file is vCards, not a table: import it as vcard",
      "tiedosto on vCardeja eikä taulukko: tuo se muodossa vcard"
    ),
    (
      "the file is a web page or XML, not a table: perhaps a download that needed a login",
      "tiedosto on verkkosivu tai XML eikä taulukko: ehkä lataus olisi vaatinut kirjautumisen"
    ),
    (
      "the file is not JSON lines: a line such as {}{…}} was expected, as punos export writes them",
      "tiedosto ei ole JSON-rivejä: odotettiin rivejä, joita punos export kirjoittaa"
    ),
    (
      "the file is not made of vCards: BEGIN:VCARD was expected",
      "tiedostossa ei ole vCardeja: odotettiin riviä BEGIN:VCARD"
    ),
    ("the card has no name (FN or N)", "kortissa ei ole nimeä (FN tai N)"),
    ("expected BEGIN:VCARD", "odotettiin riviä BEGIN:VCARD"),
    ("expected VERSION 3.0 or 4.0", "odotettiin versiota 3.0 tai 4.0"),
    (
      "the card is not ended (END:VCARD) before the next begins",
      "korttia ei lopeteta (END:VCARD) ennen kuin seuraava alkaa"
    ),
    (
      "the card is not ended (END:VCARD) before the end of the file",
      "korttia ei lopeteta (END:VCARD) ennen tiedoston loppua"
    ),
    ("a line of more than {} bytes", "rivi on yli {1} tavua"),
    ("more than {} properties", "ominaisuuksia on yli {1}"),
    (
      "expected NAME:value or NAME;PARAMETER=…:value", "odotettiin muotoa NIMI:arvo tai NIMI;PARAMETRI=…:arvo"
    ),
    (
      "one member with the kind of record for its name, such as account, was expected",
      "odotettiin yhtä jäsentä, jonka nimi on tietueen laji, esimerkiksi account"
    ),
    ("a member called {} was expected", "odotettiin jäsentä, jonka nimi on jokin näistä: {1}"),
    ("an object such as {} was expected", "odotettiin oliota, esimerkiksi {1}"),
    ("bytes that are not UTF-8", "tavuja, jotka eivät ole UTF-8:aa"),
    ("nothing was expected after the value", "arvon jälkeen ei odotettu mitään"),
    ("a value was expected, the text ends", "odotettiin arvoa, teksti loppuu"),
    (
      "true, false, null, a number, a string, [ or { was expected",
      "odotettiin jotakin näistä: true, false, null, luku, merkkijono, aaltosulku tai hakasulku"
    ),
    ("a digit was expected", "odotettiin numeroa"),
    ("a comma or ] was expected", "odotettiin pilkkua tai merkkiä ]"),
    ("a comma or } was expected", "odotettiin pilkkua tai aaltosulkua"),
    ("a colon was expected", "odotettiin kaksoispistettä"),
    ("a name in quotes was expected", "odotettiin nimeä lainausmerkeissä"),
    ("the object has this name twice", "oliossa on tämä nimi kahdesti"),
    ("at most {} levels of arrays and objects", "sisäkkäisiä taulukoita ja olioita on liikaa: enintään {1}"),
    (
      "a control character in a string must be escaped",
      "merkkijonon ohjausmerkki pitää kirjoittaa kenoviivalla"
    ),
    ("the string is not closed", "merkkijonoa ei suljeta"),
    ("four hexadecimal digits were expected", "odotettiin neljää heksanumeroa"),
    ("half of a surrogate pair stands alone", "sijaisparin puolikas on yksin"),
    ("the second half of a surrogate pair was expected", "odotettiin sijaisparin toista puolikasta"),
    ("the document breaks off", "asiakirja katkeaa kesken"),
    ("a bracket closes that was not opened", "suljetaan sulku, jota ei avattu"),
    (
      "expected GLEIF's columns, LEI and Entity.LegalName among them",
      "odotettiin GLEIFin sarakkeita, muun muassa LEI ja Entity.LegalName"
    ),
    (
      "expected a company with a businessId that is well-formed and a name",
      "odotettiin yritystä, jolla on oikeanmuotoinen businessId ja nimi"
    ),
    (
      "expected an LEI that is well-formed and a legal name",
      "odotettiin oikeanmuotoista LEI-tunnusta ja virallista nimeä"
    ),
    ("no account is called “{}”", "minkään asiakkuuden nimi ei ole ”{1}”"),
    ("there is no account {}", "asiakkuutta {1} ei ole"),
    (
      "more than one account is called “{}”; name it by an id",
      "useamman kuin yhden asiakkuuden nimi on ”{1}”; käytä tunnusta"
    ),
    (
      "{} was deleted and stays so: bring it back with --revive",
      "{1} on poistettu ja pysyy poistettuna: palauta se valitsimella --revive"
    ),
    (
      "{} was deleted; undelete it first, or leave the item out.",
      "{1} on poistettu; palauta se ensin tai jätä se pois."
    ),
    ("{} have no field {}", "lajilla {1} ei ole kenttää {2}"),
    ("the schema lacks {}", "lajia {1} ei tunneta"),
    (
      "revenue has no currency: add to the mapping “constant revenue.amount.currency = EUR”",
      "liikevaihdolta puuttuu valuutta: lisää kuvaukseen ”constant revenue.amount.currency = EUR”"
    ),
    ("an amount of money was expected", "odotettiin rahamäärää"),
    ("a whole number was expected", "odotettiin kokonaislukua"),
    (
      "the {} cannot be found by a name here; map a column with its id: lookup {} SYSTEM",
      "lajia {1} ei voi tässä etsiä nimellä; kuvaa sarake, jossa on sen tunnus: lookup {2} JÄRJESTELMÄ"
    ),
  ]
}
