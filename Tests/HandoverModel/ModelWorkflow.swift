import Domain
import ProtobufBridge
import PunosMessages

/// What the two teams do with a handover beside writing it: it is offered, asked about, answered, accepted, sent back, closed.
extension ModelServer {
  /// One move, of those that the handover's state allows.
  ///
  /// - Parameter said: the words of whoever moves it, where it takes any.
  /// - Returns: whether anything was done.
  public func move(_ name: String, saying said: String, _ random: inout ModelRandom) -> Bool {
    guard var moved = live(name) else { return false }
    let before = moved
    switch Int.random(in: 0..<10, using: &random) {
    case 0...3: discuss(&moved, said, &random)
    case 4, 5: giveEvidence(&moved, said, &random)
    case 6: decide(&moved, &random)
    default: goOn(&moved, said, &random)
    }
    guard moved != before else { return false }
    store(moved)
    return true
  }

  private func isFixed(_ handover: Handover) -> Bool {
    handover.state == .accepted || handover.state == .closed
  }

  private func discuss(_ handover: inout Handover, _ said: String, _ random: inout ModelRandom) {
    guard !isFixed(handover), let item = handover.items.indices.randomElement(using: &random) else { return }
    let isAnswer = handover.items[item].status == .queried
    handover.items[item].status = isAnswer ? .open : .queried
    handover.items[item].thread.append(
      HandoverMessage.with {
        $0.kind = isAnswer ? .answer : .query
        $0.principal = isAnswer ? "aino" : "pekka"
        $0.text = said
      })
  }

  private func giveEvidence(_ handover: inout Handover, _ said: String, _ random: inout ModelRandom) {
    guard !isFixed(handover), let item = handover.items.indices.randomElement(using: &random),
      handover.items[item].status != .accepted
    else { return }
    handover.items[item].evidence.append(Evidence.with { $0.text = said })
  }

  private func decide(_ handover: inout Handover, _ random: inout ModelRandom) {
    guard handover.state == .offered, let item = handover.items.indices.randomElement(using: &random) else {
      return
    }
    handover.items[item].status = Bool.random(using: &random) ? .accepted : .rejected
  }

  /// To the next state: seldom to the last ones, for nothing is edited after those.
  private func goOn(_ handover: inout Handover, _ said: String, _ random: inout ModelRandom) {
    switch handover.state {
    case .draft, .unspecified, .returned: handover.state = .offered
    case .offered:
      if Int.random(in: 0..<8, using: &random) == 0 {
        handover.state = .accepted
      } else {
        handover.state = .returned
        handover.returns.append(Handover.Return.with { $0.reasons = said })
      }
    default: handover.state = .closed
    }
  }
}
