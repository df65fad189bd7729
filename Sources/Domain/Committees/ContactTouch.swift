public import PunosMessages

/// When, and in how many ways, we were last in touch with a person.
public struct ContactTouch: Sendable, Hashable {
  /// Closeness of a channel (``Interaction/Channel/closeness``) from which somebody of ours was in touch with the person
  /// themselves: orders, invoices and visits to a portal need nobody.
  private static let personalCloseness = 0.25

  /// The contact's resource name.
  public var contact: String
  /// The last time, in seconds since 1970.
  public var last: Int64
  /// How many different channels were used: meetings, calls, letters.
  public var channels: Int
  /// Who of ours took part.
  public var teammates: Set<String>

  public init(contact: String, last: Int64, channels: Int, teammates: Set<String> = []) {
    self.contact = contact
    self.last = last
    self.channels = channels
    self.teammates = teammates
  }

  /// What interactions show of contact with each person.
  ///
  /// - Parameters:
  ///   - interactions: in any order; those after `moment`, and those that nobody of ours took part in by their channel's
  ///     nature, are left out.
  ///   - moment: in seconds since 1970.
  public static func of(_ interactions: some Sequence<Interaction>, until moment: Int64) -> [ContactTouch] {
    var last: [String: Int64] = [:]
    var channels: [String: Set<Interaction.Channel>] = [:]
    var teammates: [String: Set<String>] = [:]
    for interaction in interactions where interaction.channel.closeness >= personalCloseness {
      guard let time = interaction.time?.seconds, time <= moment else { continue }
      for contact in interaction.contacts {
        last[contact] = max(last[contact] ?? time, time)
        channels[contact, default: []].insert(interaction.channel)
        teammates[contact, default: []].formUnion(
          interaction.teammates.map(\.principal).filter { !$0.isEmpty })
      }
    }
    return last.sorted { $0.key < $1.key }.map { contact, time in
      ContactTouch(
        contact: contact, last: time, channels: channels[contact]?.count ?? 0,
        teammates: teammates[contact] ?? [])
    }
  }
}
