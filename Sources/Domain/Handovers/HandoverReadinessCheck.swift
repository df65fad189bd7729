import ProtobufBridge
public import PunosMessages

/// Whether a handover says what its template asks, and whose turn it is.
public enum HandoverReadinessCheck {
  /// - Parameters:
  ///   - handover: as it is.
  ///   - template: what it is to tell.
  ///   - today: YYYY-MM-DD.
  public static func readiness(
    of handover: Handover, against template: HandoverTemplate, on today: String
  ) -> HandoverReadiness {
    var readiness = HandoverReadiness()
    let unanswered = template.items.filter { !isAnswered($0, in: handover) }
    readiness.gaps = unanswered.map { gap($0, in: handover) }
    let told = Set(template.items.map(\.id))
    for item in handover.items where item.required && !told.contains(item.templateItem) && !says(item) {
      readiness.gaps.append(gap(of: item))
    }
    readiness.gaps = readiness.gaps.filter(\.required) + readiness.gaps.filter { !$0.required }
    readiness.ready = !readiness.gaps.contains(where: \.required)
    readiness.completeness =
      template.items.isEmpty ? 1 : Double(template.items.count - unanswered.count) / Double(template.items.count)
    readiness.openQueries = handover.items.filter { $0.status == .queried }.map(\.id)
    readiness.undecided = isOffered(handover) ? handover.items.filter { isOpen($0) }.map(\.id) : []
    readiness.overdue = !isSettled(handover) && !handover.dueDate.isEmpty && handover.dueDate < today
    turn(of: handover, &readiness)
    return readiness
  }

  /// Whether an item says anything.
  static func says(_ item: HandoverItem) -> Bool { !item.text.isEmpty || !item.links.isEmpty }

  /// The items of a handover that answer an item of its template: those made for it, and of what is found in records
  /// every item of the kind.
  static func answers(to asked: HandoverTemplateItem, in handover: Handover) -> [HandoverItem] {
    let isFound = asked.source == .commitments || asked.source == .contacts
    return handover.items.filter { item in
      item.templateItem == asked.id || item.templateItem.isEmpty && item.kind == asked.kind
        && (isFound || item.title.lowercased() == asked.title.lowercased())
    }
  }

  private static func isAnswered(_ asked: HandoverTemplateItem, in handover: Handover) -> Bool {
    answers(to: asked, in: handover).contains(where: says)
  }

  private static func isOffered(_ handover: Handover) -> Bool { handover.state == .offered }
  private static func isOpen(_ item: HandoverItem) -> Bool { item.status == .open || item.status == .unspecified }
  private static func isSettled(_ handover: Handover) -> Bool {
    handover.state == .accepted || handover.state == .closed
  }

  private static func gap(_ asked: HandoverTemplateItem, in handover: Handover) -> HandoverReadiness.Gap {
    HandoverReadiness.Gap.with {
      $0.templateItem = asked.id
      $0.itemId = answers(to: asked, in: handover).first?.id ?? ""
      $0.title = asked.title
      $0.why = asked.why
      $0.prompt = asked.prompt
      $0.kind = asked.kind
      $0.required = asked.required
    }
  }

  private static func gap(of item: HandoverItem) -> HandoverReadiness.Gap {
    HandoverReadiness.Gap.with {
      $0.itemId = item.id
      $0.title = item.title
      $0.why = "Its writer marked it as required, and it says nothing yet."
      $0.kind = item.kind
      $0.required = true
    }
  }

  private static func turn(of handover: Handover, _ readiness: inout HandoverReadiness) {
    switch handover.state {
    case .accepted, .closed: return
    case .offered where readiness.openQueries.isEmpty:
      readiness.waitingForTeam = handover.toTeam
      readiness.nextStep =
        readiness.undecided.isEmpty
        ? "Accept the handover, or return it with reasons."
        : "Accept, query or reject each item (\(readiness.undecided.count) undecided), then accept or return the whole."
    case .offered:
      readiness.waitingForTeam = handover.fromTeam
      readiness.nextStep = "Answer what was asked about \(readiness.openQueries.count) item(s)."
    default:
      readiness.waitingForTeam = handover.fromTeam
      readiness.nextStep =
        readiness.ready
        ? "Offer the handover to \(handover.toTeam)."
        : "Write what is missing (\(readiness.gaps.count(where: \.required)) required), then offer it."
    }
  }
}
