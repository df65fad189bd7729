import Glibc

/// How far a claim can be believed: what its claimant says, and what other teams say of it.
public enum Belief {
  /// What a team's confirmation adds to the logarithm of the odds: it more than doubles them. Teams of one company
  /// hear the same people, so that it is less than an independent witness would add.
  public static let confirmation = 0.8
  /// What a team's dispute takes off: more than a confirmation adds, for who contradicts has a reason to.
  public static let dispute = 1.2
  /// Nobody is surer than this, nor less sure than one minus this: a claim never is beyond what others say of it.
  public static let surest = 0.99

  /// - Parameters:
  ///   - confidence: the claimant's, 0 … 1; beyond these counts as these.
  ///   - confirming: how many other teams know the same.
  ///   - disputing: how many other teams know otherwise.
  /// - Returns: 0 … 1, both ends left out; grows with confidence and confirmations, falls with disputes.
  public static func degree(confidence: Double, confirming: Int, disputing: Int) -> Double {
    let said = min(max(confidence.isNaN ? 0 : confidence, 1 - surest), surest)
    let odds = log(said / (1 - said)) + confirmation * Double(confirming) - dispute * Double(disputing)
    return 1 / (1 + exp(-odds))
  }
}
