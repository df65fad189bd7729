private import Glibc

/// Student's t distribution, as far as confidence intervals of 95% need it.
enum StudentT {
  /// From here on the normal quantile is used: the two differ by less than 0.003.
  static let largestExact = 1_000

  /// The 0.975 quantile.
  ///
  /// - Parameter degreesOfFreedom: 1 or more; less counts as 1.
  static func quantile975(degreesOfFreedom: Int) -> Double {
    let degrees = max(1, degreesOfFreedom)
    guard degrees <= largestExact else { return ConfidenceIntervals.z }
    // The share of the distribution within ± t rises with t: halve until nothing is left to halve. With one degree of
    // freedom, the widest, the quantile is 12.706.
    var low = 0.0
    var high = 13.0
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if within(middle, degrees) < 0.95 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The share of the distribution between -t and t, for whole degrees of freedom: Abramowitz and Stegun, Handbook of
  /// Mathematical Functions, 26.7.3 (odd) and 26.7.4 (even).
  static func within(_ t: Double, _ degrees: Int) -> Double {
    let angle = atan(t / Double(degrees).squareRoot())
    let cosine = cos(angle)
    let sine = sin(angle)
    if degrees % 2 == 0 {
      var term = 1.0
      var sum = 1.0
      for k in stride(from: 2, to: degrees, by: 2) {
        term *= cosine * cosine * Double(k - 1) / Double(k)
        sum += term
      }
      return sine * sum
    }
    guard degrees > 1 else { return 2 / .pi * angle }
    var term = cosine
    var sum = cosine
    for k in stride(from: 3, to: degrees, by: 2) {
      term *= cosine * cosine * Double(k - 1) / Double(k)
      sum += term
    }
    return 2 / .pi * (angle + sine * sum)
  }
}
