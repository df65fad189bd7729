internal import ArgumentParser

/// What a line of the shell may go on with.
struct ShellCompletion: Sendable {
  /// The context that was chosen for the shell; nil for the current one.
  let context: String?

  /// Whole lines, each the line so far with its last word completed.
  func lines(_ line: String) async -> [String] {
    let start = Self.startOfWord(line)
    let word = String(line[start...])
    let before = String(line[..<start])
    let words = (try? CommandWords.split(before)) ?? []
    return await candidates(words, word).map { before + $0 }
  }

  /// Where the last word begins: behind the last blank that is in no quotes.
  private static func startOfWord(_ line: String) -> String.Index {
    var quote: Character?
    var start = line.startIndex
    for index in line.indices {
      let character = line[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "'" || character == "\"" {
        quote = character
      } else if character == " " {
        start = line.index(after: index)
      }
    }
    return start
  }

  private func candidates(_ words: [String], _ word: String) async -> [String] {
    var command: any ParsableCommand.Type = PunosCLI.self
    var depth = 0
    for word in words {
      guard let next = command.configuration.subcommands.first(where: { $0._commandName == word }) else {
        break
      }
      command = next
      depth += 1
    }
    let subcommands = command.configuration.subcommands.map { $0._commandName }
    if !subcommands.isEmpty { return subcommands.filter { $0.hasPrefix(word) && $0 != "shell" }.sorted() }
    let usage = CommandUsage(of: command)
    if word.hasPrefix("--") { return usage.options.filter { $0.hasPrefix(word) } }
    guard usage.namesAccount(behind: Array(words.dropFirst(depth))) else { return [] }
    return await Completions.accountNames(word, context: Completions.context(in: words) ?? context)
      .map(CommandWords.quoted)
  }
}

/// What a command takes, read from its own help: ArgumentParser tells it in no other way.
struct CommandUsage {
  /// Long options, in the order of the alphabet.
  let options: [String]
  /// Options that have a value behind them, and what the value is called.
  private let values: [String: String]
  /// Arguments in their order.
  private let arguments: [String]

  /// What help texts call a name of an account.
  private static let accounts: Set<String> = ["account", "accounts"]

  init(of command: any ParsableCommand.Type) {
    self.init(help: PunosCLI.helpMessage(for: command))
  }

  /// - Parameter help: as ArgumentParser writes it.
  init(help: String) {
    var (options, arguments): (Set<String>, [String]) = ([], [])
    var values: [String: String] = [:]
    for line in help.split(separator: "\n") {
      let words = line.split(whereSeparator: { " ,/[]|()".contains($0) }).map(String.init)
      if line.hasPrefix("  <"), let name = words.first.flatMap(Self.placeholder) { arguments.append(name) }
      for (index, word) in words.enumerated() where word.hasPrefix("-") && word.count > 1 {
        let name = String(word.prefix { $0.isLetter || $0.isNumber || $0 == "-" })
        if name.hasPrefix("--"), name.count > 2 { options.insert(name) }
        if index + 1 < words.count, let value = Self.placeholder(words[index + 1]) { values[name] = value }
      }
    }
    self.options = options.sorted()
    self.arguments = arguments
    self.values = values
  }

  private static func placeholder(_ word: String) -> String? {
    guard word.hasPrefix("<"), let end = word.firstIndex(of: ">") else { return nil }
    return String(word[word.index(after: word.startIndex)..<end])
  }

  /// Whether an account is what stands behind these words of the command.
  func namesAccount(behind words: [String]) -> Bool {
    if let last = words.last, let value = values[last] { return Self.accounts.contains(value) }
    var place = 0
    var isValue = false
    for word in words {
      if isValue {
        isValue = false
      } else if word.hasPrefix("-") {
        isValue = values[word] != nil
      } else {
        place += 1
      }
    }
    guard let last = arguments.last else { return false }
    // A last argument that may come more than once goes on.
    let name = place < arguments.count ? arguments[place] : last == "accounts" ? last : ""
    return Self.accounts.contains(name)
  }
}
