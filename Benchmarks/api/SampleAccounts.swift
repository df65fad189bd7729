import ProtobufBridge
import PunosMessages
import Store

/// Accounts as companies have them, the same for the same number: about 1 KB each, and for some of them people.
struct SampleAccounts {
  /// Accounts in all.
  let count: Int
  /// People at an account that has people.
  static let peopleEach = 19
  /// Every how manyth account has people: a million accounts then have a million people around them.
  static let peopleEvery = 20

  static func id(_ number: Int) -> String {
    let digits = String(number)
    return "a" + String(repeating: "0", count: max(0, 9 - digits.count)) + digits
  }

  static func contactID(_ account: Int, _ person: Int) -> String { "c\(account)-\(person)" }

  /// Records of one account, in key order.
  static func records(_ number: Int) -> [(key: RecordKey, body: [UInt8])] {
    let id = id(number)
    var records = [(RecordKey(account: id, kind: RecordKind(1), id: id), account(number).serialized())]
    guard number % peopleEvery == 0 else { return records }
    let people = (0..<peopleEach).map { person -> (RecordKey, [UInt8]) in
      let contact = contactID(number, person)
      return (
        RecordKey(account: id, kind: RecordKind(3), id: contact), seen(number, person, contact).serialized()
      )
    }
    records += people.sorted { $0.0 < $1.0 }
    return records
  }

  static func account(_ number: Int) -> Account {
    var account = Account()
    account.name = "accounts/" + id(number)
    account.displayName = "\(names[number % names.count]) \(places[number / 7 % places.count]) \(number)"
    account.status = [.current, .potential, .former][number % 3]
    account.country = ["FI", "SE", "DE", "EE"][number % 4]
    account.employees = Int64(5 + number % 5000)
    account.foundedYear = Int32(1900 + number % 120)
    account.domains = ["company\(number).example"]
    account.tags = ["segment-\(number % 40)", "region-\(number % 9)"]
    account.description =
      "Valmistaa koneita ja laitteita metsäteollisuudelle. Sopimus uusitaan vuosittain, ja huolto on osa toimitusta. "
      + "Päätökset tekee johtoryhmä tuotantojohtajan esityksestä; hankinta neuvottelee ehdot ja hinnan erikseen. "
      + "Tehtaalla on kolme linjaa, joista kaksi on uusittu viiden viime vuoden aikana; kolmannen uusiminen on "
      + "suunnitteilla, ja siitä pyydetään tarjous ensi vuoden alussa. Toimitukset sovitaan viikoittain. "
      + "Laskut maksetaan neljäntoista päivän kuluessa, ja viivästyksistä sovitaan aina ennen eräpäivää puhelimitse."
    var external = ExternalId()
    external.system = "crm"
    external.id = "CRM-\(number)"
    var erp = ExternalId()
    erp.system = "erp"
    erp.id = "\(5_000_000 + number)"
    account.externalIds = [external, erp]
    var address = PostalAddress()
    address.label = "visiting"
    address.lines = ["Teollisuuskatu \(1 + number % 200)", "Rakennus B"]
    address.postalCode = "00510"
    address.city = places[number % places.count]
    address.country = account.country
    var billing = address
    billing.label = "billing"
    billing.lines = ["Kuura Verkkolaskut", "PL \(100 + number % 900)"]
    account.addresses = [address, billing]
    var owner = AccountOwner()
    owner.team = "sales"
    owner.principal = "person\(number % 300)"
    var carer = owner
    carer.team = "service"
    carer.principal = "person\(number % 171)"
    carer.validFrom = "2023-05-01"
    account.owners = [owner, carer]
    account.phones = ["+35840\(2_000_000 + number % 1_000_000)"]
    var source = FieldSource()
    source.path = "employees"
    source.source = "CRM export"
    var named = source
    named.path = "display_name"
    named.source = "Finnish Patent and Registration Office"
    account.sources = [source, named]
    return account
  }

  private static func seen(_ number: Int, _ person: Int, _ contact: String) -> AccountContact {
    var seen = AccountContact()
    seen.name = "accounts/\(id(number))/contacts/\(contact)"
    seen.contact = "contacts/\(contact)"
    seen.displayName = "\(given[person % given.count]) \(family[(number + person) % family.count])"
    var employment = Employment()
    employment.account = "accounts/" + id(number)
    employment.title =
      ["Toimitusjohtaja", "Tuotantojohtaja", "Hankintapäällikkö", "Laatupäällikkö"][person % 4]
    employment.department = ["Johto", "Tuotanto", "Hankinta", "Laatu"][person % 4]
    employment.role = "Päättää hankinnoista yhdessä johtoryhmän kanssa"
    employment.validFrom = "2020-01-01"
    var before = employment
    before.title = "Kunnossapidon ja käyttövarmuuden kehittämisestä vastaava projektipäällikkö"
    before.department = "Tuotanto ja kunnossapito, pohjoinen alue"
    before.role = "Vastasi kunnossapidon sopimuksista"
    before.validFrom = "2015-08-01"
    before.validTo = "2019-12-31"
    seen.employments = [employment, before]
    seen.email = "person\(person)@company\(number).example"
    seen.phone = "+35840\(1_000_000 + person)"
    seen.language = "fi"
    return seen
  }

  /// A contact as an import brings it, without an account of its own.
  static func contact(_ number: Int) -> Contact {
    var contact = Contact()
    contact.givenName = given[number % given.count]
    contact.familyName = family[number / 7 % family.count]
    contact.displayName = "\(contact.givenName) \(contact.familyName)"
    var email = EmailAddress()
    email.address = "person\(number)@example.org"
    contact.emails = [email]
    var phone = PhoneNumber()
    phone.number = "+3585\(10_000_000 + number % 80_000_000)"
    contact.phones = [phone]
    contact.language = "fi"
    var external = ExternalId()
    external.system = "bench"
    external.id = String(number)
    contact.externalIds = [external]
    return contact
  }

  /// The same, working at one of so many accounts; 0: at none.
  static func contact(employers: Int) -> @Sendable (Int) -> Contact {
    return { number in
      var contact = contact(number)
      guard employers > 0 else { return contact }
      var employment = Employment()
      employment.account = "accounts/" + id(number % employers)
      employment.title = "Hankintapäällikkö"
      contact.employments = [employment]
      return contact
    }
  }

  /// An interaction as another system tells it, with one of so many accounts in no order, so many of an account together.
  static func interaction(accounts: Int, together: Int) -> @Sendable (Int) -> Interaction {
    return { number in
      var interaction = Interaction()
      // A prime takes the numbers all over the accounts.
      interaction.name = "accounts/\(id(number / together * 7_919 % accounts))/interactions/-"
      interaction.subject = "Tilaus \(number)"
      var time = ProtoTimestamp()
      time.seconds = 1_700_000_000 + Int64(number)
      interaction.time = time
      interaction.channel = .order
      interaction.touchpoint = "order desk"
      var external = ExternalId()
      external.system = "erp"
      external.id = "O\(number)"
      interaction.externalIds = [external]
      return interaction
    }
  }

  private static let names = [
    "Kuura", "Lumo", "Kaiku", "Revontuli", "Halla", "Tuuli", "Routa", "Aalto", "Saimaa",
  ]
  private static let places = ["Tampere", "Turku", "Oulu", "Lahti", "Espoo", "Vaasa", "Kotka", "Porvoo"]
  private static let given = [
    "Liisa", "Juhani", "Sari", "Pekka", "Anna", "Timo", "Kaisa", "Erik", "Outi", "Jari",
  ]
  private static let family = ["Korhonen", "Mäkelä", "Nieminen", "Hämäläinen", "Heikkinen", "Öhman", "Niemi"]
}
