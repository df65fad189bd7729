internal import DataFiles
internal import Terminal

/// A server and the credential to use there, under a name.
struct ServerContext: Sendable, Hashable {
  /// What people call it.
  var name: String
  /// Host name or address.
  var host: String
  /// Port.
  var port: Int
  /// PEM with the authority that the server's certificate comes from.
  var ca: String
  /// PEM of the user's certificate.
  var certificate: String
  /// PEM of its key.
  var key: String
  /// The name in the server's certificate where it is not the host's; nil otherwise.
  var serverName: String?

  /// `host:port`, with brackets around an IPv6 address.
  var endpoint: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Splits `HOST:PORT` or `[V6]:PORT`.
  static func split(endpoint: String) -> (host: String, port: Int)? {
    guard let colon = endpoint.lastIndex(of: ":"), let port = Int(endpoint[endpoint.index(after: colon)...]),
      (1...65_535).contains(port)
    else { return nil }
    var host = String(endpoint[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
    } else if host.contains(":") {
      return nil
    }
    return host.isEmpty ? nil : (host, port)
  }
}

/// The user's contexts, in a file that only they can read.
struct ContextFile: Sendable, Hashable {
  /// The context used where none is named.
  var current: String?
  /// All, in the order they were added.
  var contexts: [ServerContext] = []

  /// The context of a name.
  subscript(name: String) -> ServerContext? { contexts.first { $0.name == name } }

  /// Where the file is: `PUNOS_CONFIG`, or `punos/contexts.json` under `XDG_CONFIG_HOME`, or under `~/.config`.
  static func path(_ environment: (String) -> String? = Environment.value) -> String {
    if let path = environment("PUNOS_CONFIG"), !path.isEmpty { return SmallFile.absolute(path) }
    if let folder = environment("XDG_CONFIG_HOME"), folder.hasPrefix("/") {
      return folder + "/punos/contexts.json"
    }
    return (environment("HOME") ?? "") + "/.config/punos/contexts.json"
  }

  /// Reads the file; one that is not there has no contexts.
  static func load(_ path: String) throws(CLIProblem) -> ContextFile {
    guard let bytes = try SmallFile.read(path) else { return ContextFile() }
    let json: JSONValue
    do {
      json = try JSONParser.parse(bytes)
    } catch {
      throw broken(path, "\(error)")
    }
    var file = ContextFile()
    file.current = json["current"]?.stringValue
    for (index, element) in (json["contexts"]?.arrayValue ?? []).enumerated() {
      guard let name = element["name"]?.stringValue, let endpoint = element["endpoint"]?.stringValue,
        let ca = element["ca"]?.stringValue, let certificate = element["cert"]?.stringValue,
        let key = element["key"]?.stringValue, let (host, port) = ServerContext.split(endpoint: endpoint)
      else {
        throw broken(path, "contexts[\(index)]: name, endpoint (HOST:PORT), ca, cert, key")
      }
      file.contexts.append(
        ServerContext(
          name: name, host: host, port: port, ca: ca, certificate: certificate, key: key,
          serverName: element["server_name"]?.stringValue))
    }
    return file
  }

  private static func broken(_ path: String, _ detail: String) -> CLIProblem {
    CLIProblem(
      .configuration,
      Term(en: "The file with the contexts cannot be understood.", fi: "Yhteystiedostoa ei voi ymmärtää."),
      at: path, details: [detail],
      remedy: Term(
        en: "Correct it, or remove it and add the contexts again with: punos context add",
        fi: "Korjaa se, tai poista se ja lisää yhteydet uudelleen: punos context add"))
  }

  /// Writes the file, for the user alone.
  func save(_ path: String) throws(CLIProblem) {
    var lines = ["{"]
    if let current { lines.append("  \"current\": \(Self.quoted(current)),") }
    lines.append("  \"contexts\": [")
    for (index, context) in contexts.enumerated() {
      var members = [
        ("name", context.name), ("endpoint", context.endpoint), ("ca", context.ca),
        ("cert", context.certificate), ("key", context.key),
      ]
      if let serverName = context.serverName { members.append(("server_name", serverName)) }
      let text = members.map { "      \(Self.quoted($0.0)): \(Self.quoted($0.1))" }.joined(separator: ",\n")
      lines.append("    {\n\(text)\n    }" + (index + 1 < contexts.count ? "," : ""))
    }
    lines += ["  ]", "}", ""]
    try SmallFile.replace(path, with: Array(lines.joined(separator: "\n").utf8), mode: 0o600)
  }

  private static func quoted(_ text: String) -> String {
    String(decoding: JSONValue.string(text).serialized(), as: UTF8.self)
  }

  /// The context to use: the one named, else `PUNOS_CONTEXT`, else the current one.
  func chosen(
    _ named: String?, path: String, _ environment: (String) -> String? = Environment.value
  ) throws(CLIProblem) -> ServerContext {
    let fromEnvironment = environment("PUNOS_CONTEXT").flatMap { $0.isEmpty ? nil : $0 }
    guard let name = named ?? fromEnvironment ?? current else {
      throw CLIProblem(
        .configuration, Term(en: "No server is known yet.", fi: "Yhtään palvelinta ei vielä tunneta."),
        at: path,
        remedy: Term(
          en: "Add one: punos context add NAME --endpoint HOST:PORT --ca FILE --cert FILE --key FILE",
          fi:
            "Lisää palvelin: punos context add NIMI --endpoint OSOITE:PORTTI --ca TIEDOSTO --cert TIEDOSTO --key TIEDOSTO"
        ))
    }
    if let context = self[name] { return context }
    let near = DataText.nearest(to: name, in: contexts.map(\.name))
    throw CLIProblem(
      .configuration, Term(en: "There is no context \(name).", fi: "Yhteyttä \(name) ei ole."), at: path,
      details: contexts.isEmpty ? [] : [contexts.map(\.name).joined(separator: ", ")],
      remedy: near.map { Term(en: "Did you mean \($0)?", fi: "Tarkoititko: \($0)?") }
        ?? Term(en: "See: punos context list", fi: "Katso: punos context list"))
  }
}
