import ProtobufBridge
import PunosMessages

/// What works on encoded messages by the schema: nanoseconds a piece, so that batches and index entries can
/// be reckoned with.
enum Generic {
  static func contact() -> Contact {
    Contact.with {
      $0.displayName = "Aino Virtanen"
      $0.givenName = "Aino"
      $0.familyName = "Virtanen"
      $0.emails = [EmailAddress.with { $0.address = "aino.virtanen@example.fi" }]
      $0.phones = [PhoneNumber.with { $0.number = "+358401234567" }]
      $0.language = "fi"
      $0.employments = [
        Employment.with {
          $0.account = "accounts/kiilto"
          $0.title = "Hankintajohtaja"
          $0.department = "Hankinta"
          $0.validFrom = "2021-01-01"
        }
      ]
      $0.tags = ["vip", "messut-2026"]
      $0.externalIds = [
        ExternalId.with {
          $0.system = "salesforce"
          $0.id = "0035800000AbCdE"
        }
      ]
      $0.description = "Tavattu messuilla; kiinnostunut huoltosopimuksesta ja pitkistä takuista."
    }
  }

  static func report() throws {
    guard let message = Contact.descriptor else { return }
    let value = contact()
    let bytes = value.serialized()
    let validator = Validator.shared
    let broken = validator.violations(in: bytes, of: message)
    guard broken.isEmpty else {
      print("the contact that is measured breaks a rule: \(broken)")
      return
    }
    let one = try CompiledPath("emails.address", in: message)
    let two = try CompiledPaths(["external_ids.system", "external_ids.id"], in: message)
    let other = Contact.with {
      $0 = value
      $0.language = "sv"
    }.serialized()
    let mask = try FieldMaskPaths(["display_name", "emails"], in: message)
    print("a contact of \(bytes.count) bytes, each once:")
    try time("validate") { sink &+= validator.violations(in: bytes, of: message).count }
    try time("one path (emails.address)") { sink &+= one.values(in: bytes).count }
    try time("two paths of one list") { sink &+= two.rows(in: bytes).count }
    try time("prune by a mask of two") { sink &+= try mask.prune(bytes).count }
    try time("differences") {
      sink &+= try FieldDifferences.between(bytes, other, of: message, in: .shared).count
    }
    try time("write JSON") { sink &+= try JSON.encode(bytes, as: message, in: .shared).utf8.count }
    let text = try JSON.encode(bytes, as: message, in: .shared)
    try time("read JSON") { sink &+= try JSON.decode(text, as: message, in: .shared).count }
    try time("decode") { sink &+= try Contact(serialized: bytes).tags.count }
    try time("encode") { sink &+= value.serialized().count }
  }

  /// The median of 200 rounds of 100.
  private static func time(_ what: String, _ body: () throws -> Void) throws {
    var rounds: [Double] = []
    for _ in 0..<200 {
      rounds.append(try measure { for _ in 0..<100 { try body() } } / 100)
    }
    let median = rounds.sorted()[rounds.count / 2]
    print("  \(what): \((median * 1e9).rounded()) ns")
  }
}
