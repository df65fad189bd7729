/// The legal forms that stand in company names, and how they are written.
public enum LegalForms {
  /// Every form as it is written, by its folded spellings. Where one word is a form in several countries (AS), the
  /// spelling is the same in all of them.
  private static let spellings: [String: String] = {
    let forms: [(String, String)] = [
      ("Oy", "oy osakeyhtio"), ("Oyj", "oyj julkinen osakeyhtio"), ("Oy Ab", "oy ab"), ("Ab Oy", "ab oy"),
      ("Oyj Abp", "oyj abp"), ("Ab", ""), ("Abp", "abp"), ("Ky", "ky kommandiittiyhtio"), ("Tmi", "tmi toiminimi"),
      ("ry", "ry"), ("rf", "rf"), ("Osk", "osk osuuskunta"), ("Ay", "ay avoin yhtio"), ("AB", "ab aktiebolag"),
      ("HB", "hb handelsbolag"), ("KB", "kb kommanditbolag"), ("AS", "as aksjeselskap"), ("ASA", "asa"),
      ("A/S", "a s aktieselskab"), ("ApS", "aps anpartsselskab"), ("OÜ", "ou osauhing"), ("SIA", "sia"), ("UAB", "uab"),
      ("GmbH", "gmbh"), ("GmbH & Co. KG", "gmbh co kg"), ("AG", "ag aktiengesellschaft"), ("KG", "kg"), ("SE", "se"),
      ("e.K.", "e k"), ("Ltd", "ltd limited"), ("PLC", "plc"), ("LLP", "llp"), ("LLC", "llc l l c"),
      ("Inc.", "inc incorporated"), ("Corp.", "corp corporation"), ("Co.", "co"), ("Pty Ltd", "pty ltd"),
      ("SA", "sa s a"), ("SAS", "sas s a s"), ("SARL", "sarl s a r l"), ("S.p.A.", "spa s p a"), ("S.r.l.", "srl s r l"),
      ("S.L.", "s l"), ("B.V.", "bv b v"), ("N.V.", "nv n v"), ("NV", ""), ("Sp. z o.o.", "sp z o o sp z oo"),
      ("s.r.o.", "s r o sro"), ("Kft.", "kft"), ("Zrt.", "zrt"), ("d.o.o.", "d o o doo"), ("Ltda", "ltda"),
      ("K.K.", "k k kk"),
    ]
    var spellings: [String: String] = [:]
    for (form, folded) in forms where !folded.isEmpty {
      spellings[folded] = form
      // One-word alternatives ("ltd limited") beside phrases ("oy ab"): a phrase whose letters make the form is one.
      let words = folded.split(separator: " ")
      let letters = DataText.folded(form).filter { $0 != " " }
      if words.joined() != letters {
        spellings[folded] = nil
        addAlternatives(words, letters: letters, form: form, to: &spellings)
      }
    }
    return spellings
  }()

  /// Splits "spa s p a" into "spa" and "s p a": words are taken together until they make the form's letters.
  private static func addAlternatives(
    _ words: [Substring], letters: String, form: String, to spellings: inout [String: String]
  ) {
    var index = 0
    while index < words.count {
      var joined = ""
      var end = index
      while end < words.count, letters.hasPrefix(joined + words[end]) {
        joined += words[end]
        end += 1
      }
      if joined == letters {
        spellings[words[index..<end].joined(separator: " ")] = form
        index = end
      } else {
        spellings[String(words[index])] = form
        index += 1
      }
    }
  }

  /// How forms end and begin, folded, including words that fold to more than one (`S.p.A.`): a name that neither ends
  /// nor begins so has none.
  private static let ends = Set(spellings.keys.flatMap { [$0, $0.split(separator: " ").last.map(String.init) ?? $0] })
  private static let beginnings = Set(
    spellings.keys.flatMap { [$0, $0.split(separator: " ").first.map(String.init) ?? $0] })

  /// A company's name taken apart.
  public struct Parts: Sendable, Hashable {
    /// The name without its legal form.
    public var name: String
    /// The form as it is usually written.
    public var form: String
    /// Whether the form stands before the name, as in `Oy Firma Ab` or `AB Volvo`.
    public var isInFront: Bool
  }

  /// Finds the legal form at the end of a name, or else in front of it.
  ///
  /// - Parameter name: a company's name, at most 400 bytes.
  /// - Returns: nil when there is no form, or nothing but one.
  public static func find(in name: String) -> Parts? {
    guard name.utf8.count <= 400 else { return nil }
    let words = name.split(separator: " ")
    guard let last = words.last, let front = words.first, words.count > 1,
      ends.contains(DataText.folded(String(last))) || beginnings.contains(DataText.folded(String(front)))
    else { return nil }
    for count in [4, 3, 2, 1] where words.count > count {
      if let form = spellings[DataText.folded(words.suffix(count).joined(separator: " "))] {
        let rest = words.dropLast(count).joined(separator: " ")
        let bare = rest.hasSuffix(",") ? String(rest.dropLast()) : rest
        // A form alone in lower case inside a name ("Hotel Kolme as") is more likely a word.
        if !bare.isEmpty { return Parts(name: bare, form: form, isInFront: false) }
      }
    }
    for count in [2, 1] where words.count > count {
      let front = words.prefix(count).joined(separator: " ")
      if front.first?.isUppercase == true, let form = spellings[DataText.folded(front)], form != "SE", form != "Co." {
        return Parts(name: words.dropFirst(count).joined(separator: " "), form: form, isInFront: true)
      }
    }
    return nil
  }
}

extension LegalForms {
  /// A name with its legal form spelt the usual way: `Esimerkki OY` and `Esimerkki osakeyhtiö` both become
  /// `Esimerkki Oy`.
  ///
  /// For comparing names only. What is stored keeps its spelling: which of the two is registered, no cleaning knows.
  public static func usual(_ name: String) -> String {
    guard let parts = find(in: name) else { return name }
    return parts.isInFront ? "\(parts.form) \(parts.name)" : "\(parts.name) \(parts.form)"
  }
}
